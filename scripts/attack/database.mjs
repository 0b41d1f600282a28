// What the attack knows about the database: which rows are there, which changed, and how to put them back.
// Rows also carry marks, texts that nothing but the database holds: where one turns up in an answer, data has left.

/**
 * @param marks of each table: its text column (if anybody is to read it), the column that says whose row it is (if it belongs to anybody), and the mark's text.
 */
export async function writeMarks(client, { nonce, tables }) {
  for (const [table, { text, owner }] of Object.entries(tables)) {
    if (!text) continue
    const whose = owner ? `coalesce(${owner}, '')` : `''`
    await client.exec(`update "${table}" set ${text} = ${text} || ' ${nonce}.${table}.' || ${whose} || '.'`)
  }
}

/** The marks in a text: table and owner of each row that it gives away. */
export function marksIn(text, nonce) {
  const found = [...text.matchAll(new RegExp(`${nonce}\\.(\\w+)\\.(\\w*)\\.`, 'g'))]
  return unique(found.map(([, table, owner]) => ({ table, owner: owner || undefined })))
}

/** Of each table, its rows as texts. */
export async function rowsOf(client) {
  const { rows: tables } = await client.query(
    `select tablename as name from pg_tables where schemaname = 'public' order by tablename`,
  )
  const selects = tables.map(({ name }) => `select '${name}' as name, to_json(t)::text as row from "${name}" t`)
  const { rows } = await client.query(`${selects.join(' union all ')} order by name, row`)
  const all = Object.fromEntries(tables.map(({ name }) => [name, []]))
  for (const { name, row } of rows) all[name].push(row)
  return all
}

/** Of each table that changed, the rows that are no longer there, or that are new. */
export function changesTo(before, after) {
  const changes = Object.keys(after).map((table) => {
    const [old, now] = [new Set(before[table]), new Set(after[table])]
    const changed = [
      ...(before[table] ?? []).filter((row) => !now.has(row)),
      ...after[table].filter((row) => !old.has(row)),
    ]
    return [table, changed.map((row) => JSON.parse(row))]
  })
  return Object.fromEntries(changes.filter(([, rows]) => rows.length > 0))
}

/** Puts tables back. What refers to them is left alone: it is put back too, or has not changed. */
export async function restore(client, kept, tables) {
  if (tables.length === 0) return
  await client.transaction(async (transaction) => {
    await transaction.exec('set local session_replication_role = replica')
    for (const table of tables) {
      await transaction.exec(`delete from "${table}"`)
      await transaction.query(`insert into "${table}" select * from json_populate_recordset(null::"${table}", $1)`, [
        `[${kept[table].join()}]`,
      ])
    }
  })
}

function unique(values) {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
}
