import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from '@jest/globals'
import { AuditVerifier } from '../../../remediation/store/audit-verifier.ts'
import { type Ledger, openLedger } from '../../../remediation/store/ledger.ts'
import { ocsfRecord } from '../../../remediation/store/ocsf.ts'
import { stopAll, temporaryFolder } from '../service.ts'

afterEach(stopAll)

const entry = (message: string) => ({
  time: 1_800_000_000_000,
  version: '1.2.3',
  activity: 'isolate' as const,
  disposition: 'blocked' as const,
  status: 'success' as const,
  severity: 4 as const,
  subject: 'incident',
  message,
  target: { text: '192.0.2.1', family: 4 as const },
  evidence: { verdict: 'malicious' },
})

async function withRecords(count: number): Promise<{ ledger: Ledger; folder: string }> {
  const folder = temporaryFolder()
  const ledger = openLedger(folder)
  await ledger.write(() => {
    for (let index = 1; index <= count; index++) {
      ledger.audit.append(sequence => ocsfRecord(entry(`record ${index}`), sequence))
    }
  })
  return { ledger, folder }
}

/** What somebody does who can write to the folder and knows of the triggers. */
function tamper(folder: string, sql: string): void {
  const database = new DatabaseSync(join(folder, 'ledger.db'))
  database.exec('DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_cut')
  database.exec(sql)
  database.close()
}

describe('the audit trail', () => {
  it('verifies while nobody touched it, in one go and page by page', async () => {
    const { ledger } = await withRecords(1_234)
    expect(ledger.audit.verify()).toMatchObject({ ok: true, records: 1_234 })
    const verifier = new AuditVerifier(ledger)
    while (!verifier.step());
    expect(verifier.fault).toBeUndefined()
    await ledger.close()
  })

  it.each([
    [
      'a changed record',
      "UPDATE audit SET record = replace(record, 'malicious', 'benign') WHERE sequence = 7",
      'record 7 was changed',
    ],
    ['a changed hash', "UPDATE audit SET hash = 'x' WHERE sequence = 3", 'record 3 was changed'],
    ['a missing record', 'DELETE FROM audit WHERE sequence = 5', 'record 5 is missing'],
    ['a missing end', 'DELETE FROM audit WHERE sequence > 8', 'ends with record 8, but record 10'],
    ['no records at all', 'DELETE FROM audit', 'ends with record 0, but record 10'],
  ])('tells of %s', async (_, sql, sentence) => {
    const { ledger, folder } = await withRecords(10)
    tamper(folder, sql)
    const state = ledger.audit.verify()
    expect(state.ok ? '' : state.sentence).toContain(sentence)
    const verifier = new AuditVerifier(ledger)
    while (!verifier.step());
    expect(verifier.fault).toContain(sentence)
    await ledger.close()
  })

  it('cannot be changed or cut by SQL that does not take the triggers away first', async () => {
    const { ledger, folder } = await withRecords(2)
    const database = new DatabaseSync(join(folder, 'ledger.db'))
    expect(() => database.exec("UPDATE audit SET record = '{}'")).toThrow('only grows')
    expect(() => database.exec('DELETE FROM audit')).toThrow('only grows')
    database.close()
    await ledger.close()
  })

  it('holds what OCSF asks of a network remediation', async () => {
    const { ledger } = await withRecords(1)
    expect(ledger.audit.of('incident')[0]).toMatchObject({
      class_uid: 7004,
      category_uid: 7,
      activity_id: 1,
      type_uid: 700401,
      severity_id: 4,
      status_id: 1,
      command_uid: 'incident',
      metadata: { version: '1.9.0-dev', sequence: 1, product: { name: 'clawtrust' } },
      connection_info: { direction_id: 1, protocol_ver_id: 4 },
      countermeasures: [{ d3f_tactic: { name: 'Isolate' } }],
    })
    await ledger.close()
  })
})

describe('the ledger', () => {
  it('belongs to one service', async () => {
    const { ledger, folder } = await withRecords(0)
    expect(() => openLedger(folder)).toThrow(/state folder/)
    await ledger.close()
    await openLedger(folder).close()
  })

  it('is read by nobody but its owner: it holds the key of approval links', async () => {
    const { ledger, folder } = await withRecords(1)
    for (const file of ['ledger.db', 'ledger.db-wal']) expect(statSync(join(folder, file)).mode & 0o077).toBe(0)
    await ledger.close()
  })

  it('is never replaced where it is damaged or foreign', async () => {
    const { ledger, folder } = await withRecords(1)
    await ledger.close()
    const database = new DatabaseSync(join(folder, 'ledger.db'))
    database.exec('PRAGMA application_id = 7')
    database.close()
    expect(() => openLedger(folder)).toThrow('is not a ledger of clawtrust')
  })
})
