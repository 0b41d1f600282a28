export const createTables = /* sql */ `
  create table if not exists "user" (
    id text primary key,
    name text not null,
    email text not null unique,
    email_verified boolean not null default false,
    image text,
    role text not null default 'user',
    grants text[] not null default '{}',
    created_at timestamp not null default now(),
    updated_at timestamp not null default now()
  );
  create table if not exists session (
    id text primary key,
    user_id text not null references "user" (id) on delete cascade,
    token text not null unique,
    expires_at timestamp not null,
    ip_address text,
    user_agent text,
    active_organization_id text,
    created_at timestamp not null default now(),
    updated_at timestamp not null default now()
  );
  create table if not exists account (
    id text primary key,
    user_id text not null references "user" (id) on delete cascade,
    account_id text not null,
    provider_id text not null,
    access_token text,
    refresh_token text,
    id_token text,
    access_token_expires_at timestamp,
    refresh_token_expires_at timestamp,
    scope text,
    password text,
    created_at timestamp not null default now(),
    updated_at timestamp not null default now()
  );
  create table if not exists verification (
    id text primary key,
    identifier text not null,
    value text not null,
    expires_at timestamp not null,
    created_at timestamp not null default now(),
    updated_at timestamp not null default now()
  );
  create table if not exists organization (
    id text primary key,
    name text not null,
    slug text not null unique,
    logo text,
    metadata text,
    created_at timestamp not null default now()
  );
  create table if not exists member (
    id text primary key,
    organization_id text not null references organization (id) on delete cascade,
    user_id text not null references "user" (id) on delete cascade,
    role text not null default 'member',
    created_at timestamp not null default now()
  );
  create table if not exists invitation (
    id text primary key,
    organization_id text not null references organization (id) on delete cascade,
    email text not null,
    role text,
    status text not null default 'pending',
    expires_at timestamp not null,
    inviter_id text not null references "user" (id) on delete cascade,
    created_at timestamp not null default now()
  );
  create table if not exists invoices (
    id text primary key,
    organization_id text not null references organization (id) on delete cascade,
    number text not null,
    customer text not null,
    amount_cents integer not null,
    status text not null default 'open',
    due_at timestamp not null,
    reminded_at timestamp,
    created_by text references "user" (id),
    created_at timestamp not null default now()
  );
  create table if not exists invoice_lines (
    id text primary key,
    invoice_id text not null references invoices (id) on delete cascade,
    text text not null,
    amount_cents integer not null
  );
  create table if not exists audit_log (
    id text primary key,
    organization_id text references organization (id) on delete cascade,
    actor_id text references "user" (id),
    action text not null,
    subject text not null,
    created_at timestamp not null default now()
  );
  create table if not exists profiles (
    user_id text primary key references "user" (id) on delete cascade,
    display_name text not null,
    timezone text not null default 'UTC'
  );
  create table if not exists notes (
    id text primary key,
    owner_id text references "user" (id) on delete cascade,
    body text not null,
    created_at timestamp not null default now()
  );
  create table if not exists feature_requests (
    id text primary key,
    requested_by text not null references "user" (id) on delete cascade,
    title text not null,
    votes integer not null default 0,
    created_at timestamp not null default now()
  );
  create table if not exists comments (
    id text primary key,
    feature_request_id text not null references feature_requests (id) on delete cascade,
    author_id text references "user" (id) on delete set null,
    body text not null,
    created_at timestamp not null default now()
  );
  create table if not exists prices (
    id text primary key,
    plan text not null,
    monthly_cents integer not null
  );
  create table if not exists announcements (
    id text primary key,
    title text not null,
    body text not null,
    published_at timestamp not null default now()
  );
  create table if not exists leads (
    id text primary key,
    email text not null,
    company text not null,
    created_at timestamp not null default now()
  );
`
