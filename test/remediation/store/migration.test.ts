import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { openLedger, openLedgerBeside } from '../../../remediation/store/ledger.ts'
import { startRemediation, stopAll, TurnedClock, temporaryFolder, until } from '../service.ts'
import { onFile, rowsOf, writeLedgerV1, written } from './ledger-v1.ts'

afterEach(stopAll)

const destinations = [
  { name: 'chat', template: 'slack', url: 'https://hooks.slack.example/secret' },
  {
    name: 'tickets',
    template: 'jira',
    url: 'https://jira.example',
    token: 'a@b.example:t',
    fields: { project: 'SEC' },
  },
]
const steps = [
  { type: 'block', ttl: ['1h', '6h'] },
  { type: 'request', destination: 'chat' },
  { type: 'request', destination: 'tickets' },
]
const playbooks = ['brute-force', 'ask'].map(name => ({ name, steps, mode: name === 'ask' ? 'approve' : 'enforce' }))

/** The service on the migrated ledger, at the time at which the earlier one ended. */
async function startMigrated() {
  const folder = temporaryFolder()
  const path = writeLedgerV1(join(folder, 'state'))
  const turned = new TurnedClock()
  turned.time += written.at - turned.now()
  const service = await startRemediation({ mode: 'enforce', destinations, playbooks }, { folder, turned })
  return { service, path }
}

describe('a ledger of version 1', () => {
  it('keeps every row, and the head of its audit trail', async () => {
    const folder = temporaryFolder()
    const path = writeLedgerV1(folder)
    const { documents: earlierDocuments = [], starts: earlierStarts = [], ...earlier } = rowsOf(path)
    const ledger = openLedger(folder)
    expect(ledger.audit.verify()).toEqual({ ok: true, records: written.records, head: written.head })
    await ledger.close()
    const { steps: added, documents = [], starts, proposals, waiting, ...later } = rowsOf(path)
    expect(later).toEqual(earlier)
    expect(documents).toEqual(expect.arrayContaining([...earlierDocuments]))
    expect(added).not.toEqual([])
    expect(starts).toEqual(earlierStarts.map(row => ({ ...row, network: '' })))
    expect(proposals).toEqual([{ incident: 'b8021c787b4f81d5', network: '' }])
    expect(waiting).toEqual([])
    expect(Object.keys(earlier)).toHaveLength(9)
  })

  it('gets a row for each step that it knows of, in the state that it had', async () => {
    const folder = temporaryFolder()
    writeLedgerV1(folder)
    const ledger = openLedger(folder)
    const states = ledger.incidents.list([], 99).map(({ id, state, target }) => {
      return [state, target, ...ledger.steps.of(id).map(step => `${step.position} ${step.type} ${step.state}`)]
    })
    await ledger.close()
    expect(states).toEqual([
      ['expired', '192.0.2.1', '0 block undone', '1 request done', '2 request done'],
      ['unblocked', '192.0.2.2', '0 block undone', '1 request done', '2 request done'],
      ['rejected', '192.0.2.3', '0 block refused', '1 request done', '2 request done'],
      ['lapsed', '192.0.2.4', '0 block refused', '1 request done', '2 request done'],
      ['observed', '192.0.2.5', '0 block refused'],
      ['refused', '10.0.0.1'],
      ['requested', 'CN=edge-1', '0 request done'],
      ['requested', 'CN=edge-2', '0 request failed'],
      ['blocked', '2001:db8::7', '0 block done', '1 request done', '2 request done'],
      ['proposed', '192.0.2.8', '0 block pending'],
      ['blocked', '192.0.2.7', '0 block done', '1 request pending', '2 request pending'],
      ['blocking', '192.0.2.9', '0 block pending'],
    ])
  })

  it('is copied aside before, and the copy is whole and no more readable than the ledger', async () => {
    const folder = temporaryFolder()
    const path = writeLedgerV1(folder)
    const earlier = rowsOf(path)
    await openLedger(folder).close()
    const copy = `${path}.v1-backup`
    expect(rowsOf(copy)).toEqual(earlier)
    expect(onFile(copy, database => database.prepare('PRAGMA user_version').get())).toEqual({ user_version: 1 })
    expect(statSync(copy).mode & 0o777).toBe(statSync(path).mode & 0o777)
    await openLedger(folder).close()
    expect(existsSync(`${path}.v2-backup`)).toBe(false)
  })

  it('goes on where it was: blocks stay, the one that waited is made, its requests and the waiting ones go out', async () => {
    const { service } = await startMigrated()
    const addresses = ['192.0.2.7', '192.0.2.9', '2001:db8::7']
    await until('the kernel has all blocks', () => addresses.every(address => service.kernel.elements.has(address)))
    await until('the ledger knows', () => service.ledger.incidents.count('blocked') === 3)
    expect(service.ledger.blocks.count()).toBe(3)
    service.clock.pass(60_000)
    await until('every request is out', () => service.ledger.outbox.count('waiting') === 0)
    const waited = service.ledger.incidents.list(['blocked'], 9).find(({ target }) => target === '192.0.2.9')
    expect(service.ledger.steps.of(waited?.id ?? '')).toMatchObject([
      { type: 'block', state: 'done' },
      { type: 'request', state: 'done', plan: { destination: 'chat' } },
      { type: 'request', state: 'done', plan: { destination: 'tickets' } },
    ])
    expect(service.ledger.audit.holds(written.head)).toBe(true)
    expect(service.ledger.audit.verify()).toMatchObject({ ok: true })
  })

  it('has proposals that can be approved, and blocks that can be unblocked and that end', async () => {
    const { service } = await startMigrated()
    const order = async (kind: 'approve' | 'unblock', argument: string) => {
      const id = await service.ledger.write(() => service.ledger.commands.add(kind, argument, 'alice'))
      service.clock.pass(1_000)
      await until('it is answered', () => service.ledger.commands.answerOf(id) !== undefined)
    }
    await order('approve', service.ledger.incidents.list(['proposed'], 1)[0]?.id ?? '')
    expect(service.kernel.elements.has('192.0.2.8')).toBe(true)
    await order('unblock', '192.0.2.7')
    expect(service.kernel.elements.has('192.0.2.7')).toBe(false)
    service.clock.pass(7 * 3_600_000)
    await until('the blocks have ended', () => service.ledger.blocks.count() === 0)
    expect(service.ledger.incidents.count('expired')).toBe(4)
  })

  it('is not migrated by a command beside the service, which says what to do and leaves it as it is', () => {
    const folder = temporaryFolder()
    const path = writeLedgerV1(folder)
    const earlier = rowsOf(path)
    expect(() => openLedgerBeside(folder)).toThrow(
      /has version 1, and this clawtrust needs version 3; start the service/,
    )
    expect(rowsOf(path)).toEqual(earlier)
  })

  it('that cannot be migrated is refused, and left as it is', () => {
    const folder = temporaryFolder()
    const path = writeLedgerV1(folder)
    onFile(path, database => database.exec("UPDATE incidents SET facts = '{' WHERE target = '192.0.2.1'"))
    const earlier = rowsOf(path)
    expect(() => openLedger(folder)).toThrow(expect.objectContaining({ code: 'LEDGER_UNUSABLE' }))
    expect(rowsOf(path)).toEqual(earlier)
  })
})

describe('a ledger that is not read', () => {
  it('of a newer version is left as it is', async () => {
    const folder = temporaryFolder()
    await openLedger(folder).close()
    const path = join(folder, 'ledger.db')
    onFile(path, database => database.exec('PRAGMA user_version = 4'))
    const earlier = readFileSync(path)
    expect(() => openLedger(folder)).toThrow(
      /version 4 and was written by a newer clawtrust, this one reads up to version 3; run the newer one/,
    )
    expect(readFileSync(path)).toEqual(earlier)
  })

  it('that is damaged is left as it is', () => {
    const folder = temporaryFolder()
    const path = join(folder, 'ledger.db')
    writeFileSync(path, 'not a database'.repeat(1_000))
    expect(() => openLedger(folder)).toThrow(/is damaged/)
    expect(readFileSync(path, 'utf8')).toBe('not a database'.repeat(1_000))
  })
})
