import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from '@jest/globals'
import canonicalize from 'canonicalize'
import { askedOnce } from '../../../compliance/evidence/asked-once.ts'
import { readCoverage } from '../../../compliance/evidence/read-coverage.ts'
import { type EvidenceRequest, evidenceKind, evidenceSchema } from '../../../compliance/evidence/registry.ts'
import type { Stores } from '../../../compliance/evidence/stores.ts'
import { remediationSummary } from '../../../compliance/model/remediation.ts'
import { DAY_MS } from '../../../core/clock.ts'
import { Fault } from '../../../core/errors.ts'
import { LEDGER } from '../../../remediation/store/schema.ts'
import { STATE } from '../../../service/state/schema.ts'
import { openLedgerView } from '../../../service/views/ledger-file.ts'
import { openStateView } from '../../../service/views/state-file.ts'
import { databaseFolder } from '../../database-folder.ts'
import { capture, openExporterState } from '../../exporter/written-state.ts'
import { stopAll } from '../../remediation/service.ts'
import { RemediationStory } from '../../remediation/story.ts'
import { columnsOf } from '../../service/sqlite/columns.ts'
import { transaction } from '../../service/state/transactions.ts'
import { contextOf, periodOf } from './context.ts'

const folders: string[] = []
afterEach(async () => {
  await stopAll()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** One of each type of SQLite, and JSON of other forms. */
const garbage = [
  'NULL',
  '-1',
  '9223372036854775807',
  '1.5e300',
  "'{garbage'",
  "x'00ff'",
  "'[[1]]'",
  "'{}'",
  "'1e300'",
  "'[1e300]'",
]

const requests = [
  { from: 'metric', signal: 'auth_failures' },
  { from: 'findings', measure: 'open' },
  { from: 'findings', measure: 'devices_unknown' },
  { from: 'ledger', measure: 'incidents' },
  { from: 'ledger', measure: 'false_blocks' },
  { from: 'ledger', measure: 'time_to_contain' },
  { from: 'ledger', measure: 'chain_verified' },
].map(request => evidenceSchema.parse(request) as EvidenceRequest)

const DAY = periodOf(capture.first - DAY_MS, capture.last + DAY_MS)
const WEEK = periodOf(Date.parse('2026-11-23T00:00:00Z'), Date.parse('2026-11-30T00:00:00Z'))

/** Opens stores and reads all evidence of them. Gives what is no fault in own words, and no plain data. */
async function wrongIn(open: () => Stores, period: typeof DAY): Promise<unknown[]> {
  const wrong: unknown[] = []
  const attempt = async (work: () => unknown) => {
    try {
      const found = await work()
      if (canonicalize(found) === undefined) wrong.push(found)
    } catch (error) {
      if (!(error instanceof Fault)) wrong.push(error)
    }
  }
  await attempt(async () => {
    const stores = open()
    const context = contextOf(period, askedOnce(stores))
    for (const request of requests) await attempt(() => evidenceKind(request).read(request, context))
    await attempt(() => readCoverage(context))
    await attempt(() => stores.ledger && remediationSummary(stores.ledger.period(period.start, period.end)))
    stores.ledger?.close()
    stores.state?.close()
    return null
  })
  return wrong
}

async function damageEach(
  path: string,
  { schema, tables }: { readonly schema: string; readonly tables: readonly string[] },
  check: (what: readonly string[]) => Promise<void>,
): Promise<void> {
  const original = readFileSync(path)
  for (const [table, column] of columnsOf(schema).filter(([table]) => tables.includes(table))) {
    for (const value of garbage) {
      writeFileSync(path, original)
      const database = new DatabaseSync(path)
      try {
        database.exec('DROP TRIGGER IF EXISTS audit_is_not_changed; DROP INDEX IF EXISTS audit_by_incident')
        database.exec(`UPDATE OR REPLACE ${table} SET ${column} = ${value}`)
      } catch {
        // What the table cannot hold.
      } finally {
        database.close()
      }
      await check([table, column, value])
    }
  }
}

describe('evidence of a store whose columns are damaged', () => {
  it('is a reading or a fault in own words, of a state', async () => {
    const folder = mkdtempSync(join(databaseFolder(), 'clawtrust-damaged-'))
    folders.push(folder)
    const { engine, database } = await openExporterState(folder)
    const snapshot = { producer: 'openclaw-audit', findings: [], facts: {}, time: capture.last }
    const documents = [
      { name: 'posture/["edge-1","edge"]', value: [snapshot] },
      { name: 'losses/log', value: [Math.floor(capture.last / 60_000) * 60] },
    ]
    await database.commit(transaction({ documents }))
    await engine.stop()
    await database.close()
    const path = join(folder, 'state.db')
    await damageEach(
      path,
      { schema: STATE.schema, tables: ['minutes', 'minute_series', 'documents', 'cursors'] },
      async what => {
        expect([what, await wrongIn(() => ({ state: openStateView(path) }), DAY)]).toEqual([what, []])
      },
    )
  }, 60_000)

  it('is a reading or a fault in own words, of a ledger', async () => {
    const story = await RemediationStory.begin()
    await story.alert('brute-force', '198.51.100.1')
    await story.alert('privilege-upgrade', '198.51.100.2')
    await story.service.stop()
    const path = join(story.service.folder, 'state', 'remediation', 'ledger.db')
    await damageEach(path, { schema: LEDGER.schema, tables: ['incidents', 'audit', 'documents'] }, async what => {
      expect([what, await wrongIn(() => ({ ledger: openLedgerView(path) }), WEEK)]).toEqual([what, []])
    })
  }, 60_000)
})
