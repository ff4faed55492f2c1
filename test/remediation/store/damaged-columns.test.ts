import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from '@jest/globals'
import { MINUTE_MS } from '../../../core/clock.ts'
import { LEDGER } from '../../../remediation/store/schema.ts'
import { columnsOf } from '../../service/sqlite/columns.ts'
import { alert, deliver, message, startRemediation, stopAll, type TestService, until } from '../service.ts'

afterAll(stopAll)

/** One of each type of SQLite; integers beyond 2^53 are more than a number of JavaScript holds. */
const garbage = ['NULL', '-1', '9223372036854775807', '1.5e300', "'{garbage'", "x'00ff'"]

/** Changes a row as a disk or a hand would, beside the service; a value that the table cannot hold is left out. */
function overwrite(service: TestService, table: string, column: string, value: string): void {
  const database = new DatabaseSync(join(service.folder, 'state', 'remediation', 'ledger.db'))
  try {
    database.exec(`DROP TRIGGER IF EXISTS audit_is_not_changed; PRAGMA ignore_check_constraints = 1;
      UPDATE OR IGNORE ${table} SET ${column} = ${value} WHERE ${column} IS (SELECT max(${column}) FROM ${table})`)
  } catch (error) {
    // The key of a table with row numbers can hold nothing but an integer.
    expect(String(error)).toMatch(/datatype mismatch|NOT NULL constraint|malformed JSON/)
  } finally {
    database.close()
  }
}

describe('a ledger with a damaged column', () => {
  // Several at once: each mostly waits for its service.
  it.concurrent.each(columnsOf(LEDGER.schema))(
    '%s.%s shows its page and its metrics, and blocks others',
    async (table, column) => {
      const destinations = [{ name: 'own', template: 'generic', url: 'https://own.example/hook' }]
      const service = await startRemediation({ mode: 'enforce', destinations })
      let number = 0
      const block = async () => {
        const address = `198.51.100.${++number}`
        expect((await deliver(service, message([alert(address)]))).status).toBe(200)
        await until('it is blocked', () => service.kernel.elements.has(address), 5_000)
      }
      await block()
      await block()
      const database = new DatabaseSync(join(service.folder, 'state', 'remediation', 'ledger.db'))
      database.exec(`
      INSERT OR IGNORE INTO documents VALUES ('breaker', '{}');
      INSERT INTO soft_allows VALUES ('192.0.2.7', 9e12);
      INSERT INTO proposals SELECT id, '192.0.2.0' FROM incidents LIMIT 1;
      INSERT INTO waiting SELECT id, 0, 1, created_at, created_at, '' FROM incidents LIMIT 1;
      INSERT INTO commands VALUES (1, 'unblock', '192.0.2.9', 'a', NULL);
      INSERT INTO outbox SELECT 'dead', incident, destination, 'dead', body, 1, created_at, 0, 0, 'refused', '' FROM outbox LIMIT 1;
      INSERT INTO outbox SELECT 'waits', incident, destination, 'waiting', body, 1, created_at, 9e12, 9e12, '', '' FROM outbox LIMIT 1`)
      database.close()
      for (const value of garbage) {
        overwrite(service, table, column, value)
        const [page, metrics] = await Promise.all(['', 'metrics'].map(path => fetch(service.url + path)))
        expect([value, page?.status, metrics?.status]).toEqual([value, 200, 200])
        await block()
        service.clock.pass(MINUTE_MS)
        await service.tick()
      }
      await service.stop()
      const again = await startRemediation({ mode: 'enforce', destinations }, { folder: service.folder })
      expect((await fetch(again.url)).status).toBe(200)
      await again.tick()
      expect(
        [...service.log, ...again.log].filter(line => /task failed|request failed|unexpectedly/i.test(line)),
      ).toEqual([])
      await again.stop()
    },
    60_000,
  )
})
