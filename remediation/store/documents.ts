import type { DatabaseSync } from 'node:sqlite'
import { isPresent, storedJson } from './stored-json.ts'

/** Small values by name: the breaker, the key of approval links. */
export class Documents {
  readonly #get
  readonly #set

  constructor(database: DatabaseSync) {
    this.#get = database.prepare('SELECT value FROM documents WHERE name = ?')
    this.#set = database.prepare(
      'INSERT INTO documents (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    )
  }

  /** Undefined where there is none, or it is damaged. */
  get(name: string): unknown {
    const row = this.#get.get(name) as { value: string } | undefined
    return row === undefined ? undefined : storedJson(row.value, isPresent)
  }

  set(name: string, value: unknown): void {
    this.#set.run(name, JSON.stringify(value))
  }
}
