import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { openLedger, openLedgerBeside } from '../../../remediation/store/ledger.ts'
import { deliver, message, startRemediation, stopAll, TurnedClock, temporaryFolder, until } from '../service.ts'
import { onFile, type Row, rowsOf, writeLedgerV1, written } from './ledger-v1.ts'

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
async function startMigrated(before = '') {
  const folder = temporaryFolder()
  const path = writeLedgerV1(join(folder, 'state'))
  onFile(path, database => database.exec(before))
  const turned = new TurnedClock()
  turned.time += written.at - turned.now()
  const service = await startRemediation({ mode: 'enforce', destinations, playbooks }, { folder, turned })
  return { service, path }
}

/** What version 3 added, taken away. */
const TO_VERSION_2 = `
  DROP INDEX incidents_of_target; DROP TABLE proposals; DROP TABLE waiting;
  DROP TRIGGER proposal_ended; DROP TRIGGER waiting_pruned;
  DROP INDEX offences_by_end; ALTER TABLE offences DROP COLUMN ended;
  DROP TABLE starts; CREATE TABLE starts (second INTEGER PRIMARY KEY, count INTEGER NOT NULL);
  DROP TABLE offending_hosts; PRAGMA user_version = 2`

/** When an incident of the dump is closed after the migration, and what it keeps: other rows stay as they were. */
function laterOf({ state, closes_at, updated_at, facts }: Row): Row {
  if (state === 'rejected') return { closes_at: Number(updated_at) + 24 * HOUR_MS }
  if (state === 'lapsed') {
    return {
      closes_at: Number(closes_at) + 4 * HOUR_MS,
      facts: JSON.stringify({ ...JSON.parse(String(facts)), lapses: 1 }),
    }
  }
  const isBlock = ['blocking', 'blocked', 'expired'].includes(String(state))
  return isBlock ? { closes_at: Number(closes_at) + 20 * MINUTE_MS } : {}
}

describe('a ledger of version 1', () => {
  it('keeps every row, and the head of its audit trail', async () => {
    const folder = temporaryFolder()
    const path = writeLedgerV1(folder)
    const {
      documents: earlierDocuments = [],
      starts: earlierStarts = [],
      incidents: earlierIncidents = [],
      offences: earlierOffences = [],
      ...earlier
    } = rowsOf(path)
    const ledger = openLedger(folder)
    expect(ledger.audit.verify()).toEqual({ ok: true, records: written.records, head: written.head })
    await ledger.close()
    const {
      steps: added,
      documents = [],
      starts,
      proposals,
      waiting,
      incidents,
      offences,
      offending_hosts,
      ...later
    } = rowsOf(path)
    expect(later).toEqual(earlier)
    expect(incidents).toEqual(earlierIncidents.map(row => ({ ...row, ...laterOf(row) })))
    const expired = { '192.0.2.1': 1_795_482_000_380 } as Readonly<Record<string, number>>
    expect(offences).toEqual(earlierOffences.map(row => ({ ...row, ended: expired[String(row.target)] ?? null })))
    expect(documents).toEqual(expect.arrayContaining([...earlierDocuments]))
    expect(added).not.toEqual([])
    expect(starts).toEqual(earlierStarts.map(row => ({ ...row, network: '' })))
    expect(proposals).toEqual([{ incident: 'b8021c787b4f81d5', network: '' }])
    expect(waiting).toEqual([])
    expect(offending_hosts?.map(({ last }) => last).toSorted()).toEqual(
      earlierOffences.map(({ last }) => last).toSorted(),
    )
    expect(Object.keys(earlier)).toHaveLength(7)
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

  describe('whose alerts are delivered again', () => {
    type Migrated = Awaited<ReturnType<typeof startMigrated>>['service']
    const stateOf = (service: Migrated, target: string, playbook: string) =>
      service.ledger.incidents.latest(playbook, target)?.state
    /** Delivers the alert of a target again, or one that begins later; gives the state of the last incident. */
    const again = async (service: Migrated, target: string, { playbook = 'brute-force', startsAt = '' } = {}) => {
      const [first] = service.ledger.incidents.list([], 99).filter(incident => incident.target === target)
      const { alert } = first as NonNullable<typeof first>
      const labels = { ...alert.labels, playbook }
      await deliver(service, message([{ ...alert, labels, ...(startsAt === '' ? {} : { startsAt }) }]))
      await service.tick()
      const waiting = () => service.metric('clawtrust_remediation_queue_depth{queue="decisions"}')
      await until('everything is decided', async () => (await waiting()) === 0)
      return stateOf(service, target, playbook)
    }
    const duplicates = (service: Migrated) => service.metric('clawtrust_remediation_alerts_total{result="duplicate"}')
    const pass = async (service: Migrated, milliseconds: number) => {
      service.clock.pass(milliseconds)
      await service.tick()
    }

    it('does not repeat a rejected proposal for soft_allow after it was rejected', async () => {
      const { service } = await startMigrated()
      const rejectedFor = written.at - 1_795_482_004_152
      await pass(service, 5_000)
      expect(await again(service, '192.0.2.3', { playbook: 'ask' })).toBe('rejected')
      await pass(service, 24 * HOUR_MS - rejectedFor - MINUTE_MS)
      expect(await again(service, '192.0.2.3', { playbook: 'ask' })).toBe('rejected')
      expect(await again(service, '192.0.2.3', { playbook: 'ask', startsAt: '2026-11-24T06:00:00Z' })).toBe('rejected')
      expect(await duplicates(service)).toBe(2)
      await pass(service, MINUTE_MS)
      expect(await again(service, '192.0.2.3', { playbook: 'ask' })).toBe('proposed')
    })

    it('renews a proposal that expired after its lifetime, and after twice as long the next time', async () => {
      const { service } = await startMigrated()
      await pass(service, 5_000)
      expect(await again(service, '192.0.2.4', { playbook: 'ask' })).toBe('lapsed')
      await pass(service, 4 * HOUR_MS - MINUTE_MS)
      expect(await again(service, '192.0.2.4', { playbook: 'ask' })).toBe('lapsed')
      expect(await duplicates(service)).toBe(2)
      await pass(service, MINUTE_MS)
      expect(await again(service, '192.0.2.4', { playbook: 'ask' })).toBe('proposed')
      await pass(service, 4 * HOUR_MS + 5_000)
      await until('it expires', () => stateOf(service, '192.0.2.4', 'ask') === 'lapsed')
      await pass(service, 8 * HOUR_MS - MINUTE_MS)
      expect(await again(service, '192.0.2.4', { playbook: 'ask' })).toBe('lapsed')
      await pass(service, MINUTE_MS)
      expect(await again(service, '192.0.2.4', { playbook: 'ask' })).toBe('proposed')
    })

    it('has the quiet time after the blocks in force and the one that waited', async () => {
      const addresses = ['192.0.2.7', '192.0.2.9', '2001:db8::7']
      const { service } = await startMigrated()
      await until('all are blocked', () => service.ledger.incidents.count('blocked') === 3)
      await pass(service, HOUR_MS + 5_000)
      await until('all have expired', () => service.ledger.blocks.count() === 0)
      for (const address of addresses) {
        expect(await again(service, address)).toBe('expired')
        expect(await again(service, address, { startsAt: '2026-11-24T06:00:00Z' })).toBe('expired')
      }
      expect(await duplicates(service)).toBe(3)
      await pass(service, 20 * MINUTE_MS)
      for (const address of addresses) expect(await again(service, address)).toBe('blocked')
    })

    it('has the quiet time after a block that expired before the migration, in every playbook', async () => {
      const ended = written.at - 5_000
      const { service } = await startMigrated(
        `UPDATE incidents SET closes_at = ${ended}, updated_at = ${ended}, facts = json_set(facts, '$.expiresAt', ${ended})
         WHERE target = '192.0.2.1'`,
      )
      expect(await again(service, '192.0.2.1')).toBe('expired')
      expect(await duplicates(service)).toBe(1)
      expect(await again(service, '192.0.2.1', { playbook: 'ask' })).toBe('refused')
      await pass(service, 20 * MINUTE_MS)
      expect(await again(service, '192.0.2.1', { playbook: 'ask' })).toBe('proposed')
      expect(await again(service, '192.0.2.1')).toBe('blocked')
    })
  })

  it('of version 3 is migrated with those who wait for an approval', async () => {
    const folder = temporaryFolder()
    const path = writeLedgerV1(folder)
    await openLedger(folder).close()
    onFile(path, database =>
      database.exec(`DROP INDEX waiting_by_network; ALTER TABLE waiting DROP COLUMN network;
        INSERT INTO waiting VALUES ('b8021c787b4f81d5', 0, 3, 1, 1); DROP TABLE offending_hosts; PRAGMA user_version = 3`),
    )
    await openLedger(folder).close()
    const { waiting } = rowsOf(path)
    expect(waiting).toMatchObject([{ incident: 'b8021c787b4f81d5', events: 3, network: '' }])
  })

  it('of version 4 is migrated with the hosts that were blocked, so that a network is blocked whole at its next host', async () => {
    const folder = temporaryFolder()
    const path = writeLedgerV1(folder)
    await openLedger(folder).close()
    onFile(path, database =>
      database.exec(`DROP TABLE offending_hosts; DELETE FROM offences;
        INSERT INTO offences (target, count, last) VALUES ('192.0.2.9', 1, 7), ('2001:db8::7', 1, 8), ('192.0.2.0/24', 1, 9),
          ('damaged', 1, 9), ('192.0.2.10', 1, 'damaged'); PRAGMA user_version = 4`),
    )
    await openLedger(folder).close()
    expect(rowsOf(path).offending_hosts).toEqual([
      { address: '4:c0000209', last: 7 },
      { address: '6:20010db8000000000000000000000007', last: 8 },
    ])
  })

  it('of version 2 with a row that cannot be read is migrated, and the row stays as it is', async () => {
    const folder = temporaryFolder()
    const path = writeLedgerV1(folder)
    await openLedger(folder).close()
    const damage = "UPDATE incidents SET facts = '{' WHERE target IN ('192.0.2.1', '192.0.2.4')"
    onFile(path, database => database.exec(`${TO_VERSION_2}; ${damage}`))
    await openLedger(folder).close()
    const { incidents = [] } = rowsOf(path)
    expect(incidents.filter(({ facts }) => facts === '{').map(({ target }) => target)).toEqual([
      '192.0.2.1',
      '192.0.2.4',
    ])
  })

  it('is not migrated by a command beside the service, which says what to do and leaves it as it is', () => {
    const folder = temporaryFolder()
    const path = writeLedgerV1(folder)
    const earlier = rowsOf(path)
    expect(() => openLedgerBeside(folder)).toThrow(
      /has version 1, and this clawtrust needs version 5; start the service/,
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
    onFile(path, database => database.exec('PRAGMA user_version = 6'))
    const earlier = readFileSync(path)
    expect(() => openLedger(folder)).toThrow(
      /version 6 and was written by a newer clawtrust, this one reads up to version 5; run the newer one/,
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

  it('that has a damaged page is refused at the start and left as it is', async () => {
    const folder = temporaryFolder()
    await openLedger(folder).close()
    const path = join(folder, 'ledger.db')
    let page = 0
    onFile(path, database => {
      page = Number(database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'incidents'").get()?.rootpage)
    })
    const bytes = readFileSync(path)
    bytes.fill(0, (page - 1) * 4096, page * 4096)
    writeFileSync(path, bytes)
    expect(() => openLedger(folder)).toThrow(
      `The ledger ${path} cannot be used: it is damaged (page ${page} of the table incidents cannot be read); restore a copy of it, or move it away`,
    )
    expect(readFileSync(path)).toEqual(bytes)
    expect(readdirSync(folder).sort()).toEqual(['ledger.db', 'owner.lock'])
  })
})
