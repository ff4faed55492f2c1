import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from '@jest/globals'
import { DAY_MS, MINUTE_MS } from '../../../core/clock.ts'
import { alert, deliver, message, startRemediation, stopAll, type TestService, until } from '../service.ts'

afterEach(stopAll)

const operator = { bearer_token: 'operators' }

/** Changes rows as a disk or a hand would, beside the service. */
function damage(service: TestService, sql: string): void {
  const database = new DatabaseSync(join(service.folder, 'state', 'remediation', 'ledger.db'))
  database.exec(sql)
  database.close()
}

const page = async (service: TestService) => (await fetch(service.url)).text()

const command = async (service: TestService, kind: string, argument: string) => {
  const headers = { authorization: 'Bearer operators' }
  const body = new URLSearchParams({ argument })
  return (await fetch(`${service.url}commands/${kind}`, { method: 'POST', headers, body })).text()
}

async function blocked(service: TestService, address: string): Promise<void> {
  expect((await deliver(service, message([alert(address)]))).status).toBe(200)
  await until('it is blocked', () => service.kernel.elements.has(address))
}

describe('a ledger with a damaged row', () => {
  it.each([
    ['the alert of an incident', "UPDATE incidents SET alert = '{cut o'"],
    ['the facts of an incident', "UPDATE incidents SET facts = '[]'"],
    ['the times of an incident', "UPDATE incidents SET created_at = 'never', facts = x'00ff'"],
    ['the state of an incident', "UPDATE incidents SET state = 'foo'"],
    ['one time of an incident', "UPDATE incidents SET created_at = 'never'"],
    ['the labels of the alert of an incident', `UPDATE incidents SET alert = json_set(alert, '$.labels.a', 5)`],
    [
      'the findings of an incident',
      `UPDATE incidents SET facts = json_set(facts, '$.evidence.findings', json('[null]'))`,
    ],
    ['the end of the block of an incident', `UPDATE incidents SET facts = json_set(facts, '$.expiresAt', 'never')`],
    ['the plan of a step', 'UPDATE steps SET plan = \'{"target": "198.51\''],
  ])('shows %s as damaged, and works with everything else', async (_, sql) => {
    const service = await startRemediation({ mode: 'enforce', operator })
    await blocked(service, '198.51.100.1')
    damage(service, sql)
    const response = await fetch(service.url)
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('damaged')])
    await blocked(service, '198.51.100.2')
    await service.tick()
    expect(service.kernel.elements.has('198.51.100.1')).toBe(true)
    expect(await command(service, 'unblock', '198.51.100.1')).toContain('198.51.100.1 is unblocked')
    // Without its plan, the block is taken out of the kernel by the next comparison.
    service.clock.pass(MINUTE_MS)
    await service.tick()
    expect(service.kernel.elements.has('198.51.100.1')).toBe(false)
    expect((await fetch(`${service.url}metrics`)).status).toBe(200)
    expect(await service.metric('clawtrust_remediation_ledger_ok')).toBe(1)
  })

  it.each(['null', '{}', '[]', '{"target":5}', '{"target":"192.0.2.9"}'])(
    'lets an address be unblocked whose step has the plan %s',
    async plan => {
      const service = await startRemediation({ mode: 'enforce', operator })
      await blocked(service, '198.51.100.1')
      damage(service, `UPDATE steps SET plan = '${plan}'`)
      expect(await command(service, 'unblock', '198.51.100.1')).toContain('198.51.100.1 is unblocked')
      service.clock.pass(MINUTE_MS)
      await service.tick()
      expect(service.kernel.elements.has('198.51.100.1')).toBe(false)
    },
  )

  it.each(["UPDATE tally SET value = 'many'", 'UPDATE tally SET value = 9223372036854775807', 'DELETE FROM tally'])(
    'counts the blocks after %s',
    async sql => {
      const service = await startRemediation({ mode: 'enforce', operator })
      await blocked(service, '198.51.100.1')
      damage(service, sql)
      expect(await service.metric('clawtrust_remediation_blocked_addresses')).toBe(1)
      await blocked(service, '198.51.100.2')
      expect(await service.metric('clawtrust_remediation_blocked_addresses')).toBe(2)
      damage(service, sql)
      await command(service, 'unblock', '198.51.100.1')
      expect(await service.metric('clawtrust_remediation_blocked_addresses')).toBe(1)
    },
  )

  it.each(["since = 'never'", "expires_at = 'never'", 'length = 9223372036854775807', "state = 'foo'"])(
    'shows a block with %s as damaged, and ends it when its time is over',
    async column => {
      const service = await startRemediation({ mode: 'enforce', operator })
      await blocked(service, '198.51.100.1')
      await until('that is recorded', () => service.ledger.blocks.get('198.51.100.1')?.state === 'applied')
      damage(service, `UPDATE blocks SET ${column}`)
      expect(await page(service)).toContain('>damaged</span>')
      await service.tick()
      expect(service.ledger.blocks.count()).toBe(1)
      service.clock.pass(366 * DAY_MS)
      await service.tick()
      expect(service.ledger.blocks.count()).toBe(0)
    },
  )

  it.each(["UPDATE soft_allows SET target = x'00ff'", "UPDATE blocks SET target = x'00ff'"])(
    'decides on others after %s',
    async sql => {
      const service = await startRemediation({ mode: 'enforce', operator })
      await blocked(service, '198.51.100.1')
      await command(service, 'unblock', '192.0.2.9')
      damage(service, sql)
      await blocked(service, '198.51.100.2')
      await service.tick()
      expect((await fetch(service.url)).status).toBe(200)
      expect(service.log.filter(line => line.includes('A task failed'))).toEqual([])
    },
  )

  it('answers a command that it does not know, and carries out those after it', async () => {
    const service = await startRemediation({ mode: 'enforce' })
    damage(
      service,
      "INSERT INTO commands (kind, argument, actor) VALUES ('explode', 'x', 'a'), ('unblock', x'00', 'a'), ('unblock', '192.0.2.9', 'a')",
    )
    service.clock.pass(1_000)
    await until('the last is answered', () => service.ledger.commands.answerOf(3) !== undefined)
    expect([1, 2, 3].map(id => service.ledger.commands.answerOf(id))).toEqual([
      'The command is not known to the service that runs.',
      'The command is not known to the service that runs.',
      expect.stringContaining('192.0.2.9 is not blocked'),
    ])
  })

  it('signs no link with a damaged key', async () => {
    const external = { mode: 'approve', external_url: 'https://clawtrust.example/' }
    const destinations = [{ name: 'own', template: 'generic', url: 'https://own.example/hook' }]
    const service = await startRemediation({ ...external, destinations })
    damage(service, `UPDATE documents SET value = '"no key"' WHERE name = 'approval_key'`)
    await service.stop()
    const again = await startRemediation({ ...external, destinations }, { folder: service.folder })
    expect(again.ledger.documents.get('approval_key')).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each([`json_set(facts, '$.expiresAt', 'never')`, `json_remove(facts, '$.expiresAt')`, `'{'`, `x'00'`])(
    'lets a proposal with the facts %s expire',
    async facts => {
      const service = await startRemediation({ mode: 'approve' })
      await deliver(service, message([alert('198.51.100.1'), alert('198.51.100.2')]))
      await until('both are proposed', () => service.ledger.incidents.count('proposed') === 2)
      damage(service, `UPDATE incidents SET facts = ${facts} WHERE target = '198.51.100.1'`)
      service.clock.pass(MINUTE_MS)
      await service.tick()
      expect(service.ledger.incidents.latest('brute-force', '198.51.100.1')?.state).toBe('lapsed')
      expect(service.ledger.incidents.latest('brute-force', '198.51.100.2')?.state).toBe('proposed')
    },
  )

  it('does not approve what it cannot read, and lets it be rejected', async () => {
    const service = await startRemediation({ mode: 'approve', operator })
    await deliver(service, message([alert('198.51.100.1')]))
    await until('it is proposed', () => service.ledger.incidents.count('proposed') === 1)
    const [{ id = '' } = {}] = service.ledger.incidents.list(['proposed'], 1)
    damage(service, "UPDATE incidents SET alert = ''")
    expect(await command(service, 'approve', id)).toContain('cannot be approved: this row of the ledger is damaged')
    expect(await page(service)).toContain('damaged')
    expect(await command(service, 'reject', id)).toContain('was rejected')
    expect(service.kernel.elements.size).toBe(0)
  })

  it('starts again, refuses what was received, and keeps what is left of the row', async () => {
    const service = await startRemediation({ mode: 'enforce', operator })
    await blocked(service, '198.51.100.1')
    const { folder, kernel } = service
    damage(
      service,
      "UPDATE incidents SET state = 'received', facts = '{half'; UPDATE documents SET value = '{' WHERE name <> 'audit_head'",
    )
    await service.stop()
    const again = await startRemediation({ mode: 'enforce', operator }, { folder, kernel })
    await until('it is refused', () => again.ledger.incidents.count('refused') === 1)
    const database = new DatabaseSync(join(folder, 'state', 'remediation', 'ledger.db'), { readOnly: true })
    expect(database.prepare('SELECT facts FROM incidents').get()).toEqual({ facts: '{half' })
    database.close()
    await blocked(again, '198.51.100.2')
    expect(await page(again)).toContain('damaged')
  })
})
