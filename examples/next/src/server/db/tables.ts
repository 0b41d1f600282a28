export const createTables = /* sql */ `
  create table if not exists "user" (
    id text primary key,
    name text not null,
    email text not null unique,
    email_verified boolean not null default false,
    image text,
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
  create table if not exists clubs (id text primary key, name text not null);
  create table if not exists members (
    id text primary key,
    organization_id text not null references clubs (id) on delete cascade,
    user_id text not null references "user" (id) on delete cascade,
    role text not null
  );
  create table if not exists rooms (
    id text primary key,
    organization_id text not null references clubs (id) on delete cascade,
    name text not null,
    hourly_cents integer not null
  );
  create table if not exists bookings (
    id text primary key,
    organization_id text not null references clubs (id) on delete cascade,
    room_id text not null references rooms (id) on delete cascade,
    user_id text not null references "user" (id) on delete cascade,
    title text not null,
    starts_at timestamp not null,
    paid boolean not null default false
  );
  create table if not exists messages (id text primary key, email text not null, body text not null);
`
