import { DatabaseSync } from 'node:sqlite'

/** Every column of every table that a schema makes: names of table and column. */
export function columnsOf(schema: string): readonly (readonly [string, string])[] {
  const database = new DatabaseSync(':memory:')
  database.exec(schema)
  const rows = database
    .prepare(
      `SELECT tables.name AS of, columns.name AS name FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
       WHERE tables.type = 'table' ORDER BY of, cid`,
    )
    .all() as { of: string; name: string }[]
  database.close()
  return rows.map(({ of, name }) => [of, name])
}
