import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from '@jest/globals'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { Fault } from '../../../core/errors.ts'
import { openLedger } from '../../../remediation/store/ledger.ts'
import { LEDGER } from '../../../remediation/store/schema.ts'
import { versionOf } from '../../../service/sqlite/format.ts'
import { LEDGER_SNAPSHOT, openLedgerView } from '../../../service/views/ledger-file.ts'
import { type LedgerPeriod, ledgerActions } from '../../../service/views/ledger-view.ts'
import { stopAll, temporaryFolder } from '../../remediation/service.ts'
import { writeLedgerV1, written } from '../../remediation/store/ledger-v1.ts'
import { RemediationStory } from '../../remediation/story.ts'

afterEach(stopAll)

const START = Date.parse('2026-11-24T00:00:00Z')
const fileOf = ({ service }: RemediationStory) => join(service.folder, 'state', 'remediation', 'ledger.db')

/** What a view of the file says of a period, by default of the week of the story. */
function periodOf(path: string, start = START, end = START + 7 * DAY_MS): LedgerPeriod {
  const view = openLedgerView(path)
  try {
    return view.period(start, end)
  } finally {
    view.close()
  }
}

const kindsOf = ({ actions }: LedgerPeriod) =>
  actions.map(({ kind, target, actor }) => `${kind} ${target} ${actor}`.trim())

function failure(path: string): unknown {
  try {
    return periodOf(path)
  } catch (error) {
    return error
  }
}

/** The files of a folder and their bytes. */
const filesOf = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'latin1')]))

/** Changes the file as a disk or a hand would. */
function alter(path: string, sql: string): void {
  const database = new DatabaseSync(path)
  database.exec(`DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_cut; ${sql}`)
  database.close()
}

describe('the view of a ledger', () => {
  it('knows the file by the marks and the version of the real one', () => {
    expect(LEDGER_SNAPSHOT).toEqual({
      applicationId: LEDGER.applicationId,
      name: LEDGER.name,
      version: versionOf(LEDGER),
    })
  })

  it('reads what was decided and done, and by whom, while the service runs', async () => {
    const story = await RemediationStory.begin()
    await story.alert('brute-force', '198.51.100.7', { first_event: '2026-11-23T23:50:00Z' })
    await story.pass(HOUR_MS + MINUTE_MS)
    await story.alert('brute-force', '198.51.100.23')
    await story.command('unblock', '198.51.100.23', 'alice')
    await story.alert('privilege-upgrade', '198.51.100.40')
    await story.pass(6 * HOUR_MS)
    await story.alert('privilege-upgrade', '198.51.100.41')
    await story.answer('reject', 'bob')
    await story.alert('privilege-upgrade', '198.51.100.42')
    await story.answer('approve', 'alice')
    await story.alert('policy-denials', '198.51.100.80')
    await story.alert('brute-force', '10.0.0.8')
    const period = periodOf(fileOf(story))
    expect(kindsOf(period)).toEqual([
      'decided 198.51.100.7',
      'enforced 198.51.100.7',
      'expired 198.51.100.7',
      'decided 198.51.100.23',
      'enforced 198.51.100.23',
      'released 198.51.100.23 alice',
      'proposed 198.51.100.40',
      'lapsed 198.51.100.40',
      'proposed 198.51.100.41',
      'rejected 198.51.100.41 bob',
      'proposed 198.51.100.42',
      'decided 198.51.100.42 alice',
      'enforced 198.51.100.42',
      'observed 198.51.100.80',
      'refused 10.0.0.8',
    ])
    expect(period.incidents.map(({ playbook, target }) => [playbook, target])).toEqual([
      ['brute-force', '198.51.100.7'],
      ['brute-force', '198.51.100.23'],
      ['privilege-upgrade', '198.51.100.40'],
      ['privilege-upgrade', '198.51.100.41'],
      ['privilege-upgrade', '198.51.100.42'],
      ['policy-denials', '198.51.100.80'],
      ['brute-force', '10.0.0.8'],
    ])
    const [first] = period.incidents
    expect(first?.firstEvent).toBe(START - 10 * MINUTE_MS)
    expect((first?.receivedAt ?? 0) - (first?.firedAt ?? 0)).toBeGreaterThanOrEqual(MINUTE_MS)
    const head = story.service.ledger.audit.verify()
    expect(period.chain).toEqual({
      verified: true,
      detail: '',
      records: head.records,
      head: 'head' in head && head.head,
    })
    expect(period.damaged).toEqual({ incidents: 0, records: 0 })
  })

  it('holds one moment: what the service does later is in the next view', async () => {
    const story = await RemediationStory.begin()
    await story.alert('brute-force', '198.51.100.1')
    const view = openLedgerView(fileOf(story))
    await story.alert('brute-force', '198.51.100.2')
    expect(view.period(START, START + DAY_MS).incidents).toHaveLength(1)
    expect(periodOf(fileOf(story)).incidents).toHaveLength(2)
    view.close()
  })

  it('tells the same of a period whatever follows it', async () => {
    const story = await RemediationStory.begin()
    await story.alert('brute-force', '198.51.100.1')
    await story.pass(10 * MINUTE_MS)
    const end = START + 5 * MINUTE_MS
    const before = periodOf(fileOf(story), START, end)
    await story.alert('brute-force', '198.51.100.2')
    await story.pass(2 * HOUR_MS)
    expect(periodOf(fileOf(story), START, end)).toEqual(before)
    expect(before.actions).toHaveLength(2)
  })

  it('counts incidents that are pruned by now, by the audit trail', async () => {
    const story = await RemediationStory.begin({ retention: '1d' })
    await story.alert('brute-force', '198.51.100.1')
    await story.alert('policy-denials', '198.51.100.2')
    await story.pass(3 * DAY_MS)
    await story.pass(3 * DAY_MS)
    expect(story.service.ledger.incidents.list([], 10)).toEqual([])
    const { incidents } = periodOf(fileOf(story))
    expect(incidents.map(({ target, receivedAt }) => [target, receivedAt])).toEqual([
      ['198.51.100.1', null],
      ['198.51.100.2', null],
    ])
    expect(periodOf(fileOf(story), START + 2 * DAY_MS, START + 7 * DAY_MS).incidents).toEqual([])
  })

  it('changes no byte of a ledger whose service has ended', async () => {
    const story = await RemediationStory.begin()
    await story.alert('brute-force', '198.51.100.1')
    await story.service.stop()
    const folder = join(story.service.folder, 'state', 'remediation')
    const before = filesOf(folder)
    expect(periodOf(fileOf(story)).incidents).toHaveLength(1)
    expect(filesOf(folder)).toEqual(before)
  })

  it('keeps no commit of the service waiting, and is not disturbed by any', async () => {
    const folder = temporaryFolder()
    const ledger = openLedger(folder)
    const add = (name: string) => ledger.write(() => ledger.documents.set(name, 'x'.repeat(5_000)))
    await add('first')
    const view = openLedgerView(join(folder, 'ledger.db'))
    for (let number = 0; number < 500; number++) await add(`document ${number}`)
    expect(view.period(0, START).chain.verified).toBe(true)
    view.close()
    await ledger.close()
  })

  it.each([
    [
      'version 1',
      (path: string) => writeLedgerV1(path),
      'it has version 1, and this clawtrust needs version 5; start the service once',
    ],
    ['a newer version', newer, 'it has version 99 and was written by a newer clawtrust'],
    ['another program', foreign, 'it is not a ledger of clawtrust'],
    ['nobody yet', empty, 'it has no tables yet'],
    ['a disk that lost its end', cut, 'it is damaged (SQLite cannot read its pages)'],
    ['somebody who wrote a text', text, 'it is damaged (SQLite cannot read its pages)'],
    ['a program with other tables', other, 'it is damaged (its tables are not those of a ledger of clawtrust)'],
  ])('refuses a file of %s in a sentence', (_, write, sentence) => {
    const folder = temporaryFolder()
    write(folder)
    const path = join(folder, 'ledger.db')
    expect(failure(path)).toBeInstanceOf(Fault)
    expect(String(failure(path))).toContain(`${path} cannot be read: ${sentence}`)
  })

  it('says that there is no file', () => {
    expect(String(failure('/nowhere/ledger.db'))).toContain('/nowhere/ledger.db cannot be read: there is no such file')
  })

  it.each([
    ['the time of an incident', "UPDATE incidents SET created_at = 'never'", { incidents: 1, records: 0 }],
    [
      'a record of the audit trail',
      "UPDATE audit SET record = '{cut o' WHERE sequence = 1",
      { incidents: 0, records: 1 },
    ],
    [
      'the time of a record',
      'UPDATE audit SET record = \'{"time":"x"}\' WHERE sequence = 1',
      { incidents: 0, records: 1 },
    ],
  ])('counts %s that cannot be read as damaged', async (_, sql, damaged) => {
    const story = await RemediationStory.begin()
    await story.alert('brute-force', '198.51.100.1')
    await story.service.stop()
    // The index over the records takes no text that is no JSON.
    alter(fileOf(story), `DROP INDEX audit_by_incident; ${sql}`)
    expect(periodOf(fileOf(story)).damaged).toEqual(damaged)
  })

  it.each([
    ['alert', "UPDATE incidents SET alert = '{cut o'"],
    ['facts', "UPDATE incidents SET facts = x'00ff'"],
  ])('counts an incident whose %s cannot be read, and marks it', async (_, sql) => {
    const story = await RemediationStory.begin()
    await story.alert('brute-force', '198.51.100.1')
    await story.service.stop()
    alter(fileOf(story), sql)
    expect(periodOf(fileOf(story)).incidents).toMatchObject([{ target: '198.51.100.1', damaged: true }])
  })

  it.each([
    [
      'a changed record',
      "UPDATE audit SET record = replace(record, 'approved', 'observed') WHERE sequence = 1",
      'record 1 was changed',
    ],
    ['a missing record', 'DELETE FROM audit WHERE sequence = 1', 'record 1 is missing'],
    ['a missing end', 'DELETE FROM audit WHERE sequence > 1', 'the trail ends with record 1, but record'],
    [
      'a damaged note',
      "UPDATE documents SET value = '{' WHERE name = 'audit_head'",
      'the note of the newest record is damaged',
    ],
  ])('finds %s by the chain', async (_, sql, sentence) => {
    const story = await RemediationStory.begin()
    await story.alert('brute-force', '198.51.100.1')
    await story.service.stop()
    alter(fileOf(story), sql)
    expect(periodOf(fileOf(story)).chain).toMatchObject({ verified: false, detail: expect.stringContaining(sentence) })
  })

  it('reads the trail that a service of version 1 wrote, after its migration', async () => {
    const folder = temporaryFolder()
    const path = writeLedgerV1(folder)
    await openLedger(folder).close()
    const period = periodOf(path, 0, written.at + 1)
    expect(period.chain).toEqual({ verified: true, detail: '', records: written.records, head: written.head })
    const counts = Object.fromEntries(
      ledgerActions.map(kind => [kind, period.actions.filter(action => action.kind === kind).length]),
    )
    // As the records of the dump say, counted by hand.
    expect(counts).toEqual({
      proposed: 3,
      observed: 1,
      decided: 7,
      refused: 1,
      rejected: 1,
      lapsed: 1,
      enforced: 4,
      failed: 1,
      expired: 1,
      released: 1,
      undone: 0,
    })
  })
})

function newer(folder: string): void {
  onDatabase(folder, `${LEDGER.schema}; PRAGMA application_id = ${LEDGER.applicationId}; PRAGMA user_version = 99`)
}

function foreign(folder: string): void {
  onDatabase(folder, 'CREATE TABLE a (b); PRAGMA application_id = 7; PRAGMA user_version = 4')
}

function other(folder: string): void {
  onDatabase(folder, `CREATE TABLE a (b); PRAGMA application_id = ${LEDGER.applicationId}; PRAGMA user_version = 5`)
}

function empty(folder: string): void {
  writeFileSync(join(folder, 'ledger.db'), '')
}

function text(folder: string): void {
  writeFileSync(join(folder, 'ledger.db'), 'once upon a time, '.repeat(400))
}

function cut(folder: string): void {
  onDatabase(folder, `${LEDGER.schema}; PRAGMA application_id = ${LEDGER.applicationId}; PRAGMA user_version = 5`)
  truncateSync(join(folder, 'ledger.db'), 5_000)
}

function onDatabase(folder: string, sql: string): void {
  mkdirSync(folder, { recursive: true })
  const database = new DatabaseSync(join(folder, 'ledger.db'))
  database.exec(sql)
  database.close()
}
