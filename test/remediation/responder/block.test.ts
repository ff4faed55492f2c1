import { afterEach, describe, expect, it } from '@jest/globals'
import { HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { MemoryKernel } from '../kernel.ts'
import { alert, deliver, message, startRemediation, stopAll, TurnedClock, until } from '../service.ts'

afterEach(stopAll)

const enforcing = { mode: 'enforce' }

describe('a block', () => {
  it('has a line in the log when it begins, and one when it ends', async () => {
    const service = await startRemediation(enforcing)
    await deliver(service, message([alert('192.0.2.1')]))
    const line = (words: string) => service.log.find(text => text.includes(words))
    await until('its beginning is logged', () => line('A step was executed') !== undefined)
    expect(line('A step was executed')).toMatch(/level=info .*step=block playbook=brute-force target=192\.0\.2\.1/)
    expect(line('The effect of a step ended')).toBeUndefined()
    service.clock.pass(HOUR_MS + 1_000)
    await until('its end is logged', () => line('The effect of a step ended') !== undefined)
    expect(line('The effect of a step ended')).toMatch(/level=info .*step=block target=192\.0\.2\.1 detail=/)
  })

  it('ends by its time, is forgotten by the ledger, and lasts longer the next time', async () => {
    const service = await startRemediation(enforcing)
    await deliver(service, message([alert('192.0.2.1')]))
    await until('it is blocked', () => service.ledger.blocks.get('192.0.2.1')?.state === 'applied')
    service.kernel.elements.clear()
    service.clock.pass(HOUR_MS)
    await until('it has expired', () => service.ledger.incidents.count('expired') === 1)
    service.clock.pass(20 * MINUTE_MS)
    await until('the incident is closed', () => service.ledger.incidents.open('brute-force', '192.0.2.1') === undefined)
    await deliver(service, message([alert('192.0.2.1', { startsAt: '2026-11-24T02:00:00Z' })]))
    await until('it is blocked again', () => service.kernel.elements.get('192.0.2.1')?.seconds === 6 * 3_600)
  })

  it('is not touched by jumps of the clock of the host', async () => {
    const service = await startRemediation(enforcing)
    await deliver(service, message([alert('192.0.2.1')]))
    await until('it is blocked', () => service.ledger.blocks.get('192.0.2.1')?.state === 'applied')
    const { scripts } = service.kernel
    for (const jump of [48 * HOUR_MS, -96 * HOUR_MS]) {
      service.clock.time += jump
      service.clock.pass(31_000)
      await service.tick()
      expect(service.ledger.blocks.count()).toBe(1)
    }
    expect(service.kernel.scripts).toBe(scripts)
  })

  it.each([48 * HOUR_MS, -48 * HOUR_MS])(
    'ends at its time where the clock of the host jumped by %i ms while no service ran',
    async jump => {
      const turned = new TurnedClock()
      const kernel = new MemoryKernel(turned)
      const first = await startRemediation(enforcing, { turned, kernel })
      await deliver(first, message([alert('192.0.2.1')]))
      await until('it is blocked', () => first.ledger.blocks.get('192.0.2.1')?.state === 'applied')
      await first.stop()
      turned.pass(HOUR_MS / 2)
      turned.time += jump
      const second = await startRemediation(enforcing, { folder: first.folder, turned, kernel })
      const left = (second.ledger.blocks.get('192.0.2.1')?.expiresAt ?? 0) - turned.now()
      expect(left / 60_000).toBeGreaterThan(29)
      expect(left / 60_000).toBeLessThan(31)
      turned.pass(HOUR_MS / 2 + 1_000)
      await until('it has expired', () => second.ledger.incidents.count('expired') === 1)
      expect(second.ledger.audit.verify()).toMatchObject({ ok: true })
    },
  )

  it('is put back when another program has flushed the firewall, and the difference is counted', async () => {
    const service = await startRemediation(enforcing)
    await deliver(service, message([alert('192.0.2.1'), alert('2001:db8::7')]))
    await until(
      'both are blocked',
      () =>
        service.ledger.blocks.all().every(({ state }) => state === 'applied') && service.ledger.blocks.count() === 2,
    )
    service.kernel.flush()
    service.clock.pass(31_000)
    await until('both are back', () => service.kernel.elements.size === 2)
    await until('the drift is told', async () => (await service.metric('clawtrust_remediation_firewall_drift')) === 3)
    service.kernel.elements.set('198.51.100.1', { set: 'block4', seconds: 3_600, comment: '' })
    service.clock.pass(31_000)
    await until('what nobody decided is taken out', () => !service.kernel.elements.has('198.51.100.1'))
  })

  it('waits in the ledger while the kernel refuses it', async () => {
    const service = await startRemediation(enforcing)
    service.kernel.refusal = 'Too many open files in system'
    await deliver(service, message([alert('192.0.2.1')]))
    await until('it is tried', () => service.ledger.incidents.list(['blocking'], 1)[0]?.facts.detail !== undefined)
    expect(service.ledger.incidents.list(['blocking'], 1)[0]?.facts.detail).toBe("the kernel's set is full")
    service.kernel.refusal = ''
    service.clock.pass(31_000)
    await until('it is blocked', () => service.ledger.blocks.get('192.0.2.1')?.state === 'applied')
  })

  it.each([
    ['expires', 'expired'],
    ['is ended by a person', 'unblocked'],
  ] as const)('that %s before the kernel takes it is still reported, and no step stays pending', async (_, state) => {
    const destinations = [{ name: 'chat', template: 'slack', url: 'https://hooks.slack.example/secret' }]
    const service = await startRemediation({ ...enforcing, destinations })
    service.kernel.refusal = 'Too many open files in system'
    await deliver(service, message([alert('192.0.2.1')]))
    await until('it is tried', () => service.ledger.incidents.list(['blocking'], 1)[0]?.facts.detail !== undefined)
    if (state === 'unblocked') {
      await service.ledger.write(() => service.ledger.commands.add('unblock', '192.0.2.1', 'alice'))
    }
    service.clock.pass(state === 'unblocked' ? 1_000 : HOUR_MS + 1_000)
    await until('it has ended', () => service.ledger.incidents.count(state) === 1)
    service.clock.pass(1_000)
    await until('chat has the message', () => service.ledger.outbox.count('sent') === 1)
    const [incident] = service.ledger.incidents.list([state], 1)
    expect(service.ledger.steps.of(incident?.id ?? '').map(step => [step.type, step.state])).toEqual([
      ['block', 'undone'],
      ['request', 'done'],
    ])
    expect(JSON.stringify(service.sent)).toContain('could not block 192.0.2.1')
  })

  it('that a person ends while the firewall refuses is taken out when it does not, and that is no drift', async () => {
    const service = await startRemediation({ ...enforcing, soft_allow: '0s' })
    await deliver(service, message([alert('192.0.2.1')]))
    await until('it is blocked', () => service.ledger.blocks.get('192.0.2.1')?.state === 'applied')
    service.kernel.refusal = 'Operation not permitted'
    const id = await service.ledger.write(() => service.ledger.commands.add('unblock', '192.0.2.1', 'alice'))
    service.clock.pass(1_000)
    await until('it is answered', () => service.ledger.commands.answerOf(id) !== undefined)
    expect(service.ledger.commands.answerOf(id)).toContain('The firewall did not respond and still contains the block')
    service.kernel.refusal = ''
    service.clock.pass(31_000)
    await service.tick()
    expect(service.kernel.elements.size).toBe(0)
    expect(JSON.stringify(service.ledger.audit.page(0, 99))).not.toContain('differed')
    expect(service.ledger.steps.undoing('block')).toEqual([])
  })

  it('that a person ends is not begun again for a while', async () => {
    const service = await startRemediation(enforcing)
    await deliver(service, message([alert('192.0.2.1')]))
    await until('it is blocked', () => service.ledger.blocks.get('192.0.2.1')?.state === 'applied')
    await service.ledger.write(() => service.ledger.commands.add('unblock', '192.0.2.1', 'alice'))
    service.clock.pass(1_000)
    await until('it is let in', () => !service.kernel.elements.has('192.0.2.1') && service.ledger.blocks.count() === 0)
    service.clock.pass(1_000)
    await until('the incident is closed', () => service.ledger.incidents.open('brute-force', '192.0.2.1') === undefined)
    await deliver(service, message([alert('192.0.2.1', { startsAt: '2026-11-24T00:10:00Z' })]))
    await until('it is refused', () => service.ledger.incidents.count('refused') === 1)
    expect(service.ledger.incidents.list(['refused'], 1)[0]?.facts.reason).toBe('soft_allowed')
    expect(service.kernel.elements.has('192.0.2.1')).toBe(false)
  })
})
