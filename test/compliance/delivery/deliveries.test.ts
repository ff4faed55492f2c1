import { afterEach, describe, expect, it } from '@jest/globals'
import { Deliveries, type DeliveriesOptions } from '../../../compliance/delivery/deliveries.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { createLogger } from '../../../service/log/logger.ts'
import { busy, HandClock, Receiver, removeFolders, reportFolder } from '../made-reports.ts'

afterEach(removeFolders)

const quiet = createLogger({ destination: { write: () => true } })

function open(folder: string, clock: HandClock, receiver: Receiver, more: Partial<DeliveriesOptions> = {}): Deliveries {
  return new Deliveries({
    folder,
    senders: new Map([['people', receiver]]),
    giveUpAfter: new Map([['people', DAY_MS]]),
    count: () => {},
    random: () => 0.5,
    clock,
    signal: new AbortController().signal,
    logger: quiet,
    ...more,
  })
}

describe('deliveries of reports', () => {
  it('are all made at once, however many a downtime has left', async () => {
    const [clock, receiver] = [new HandClock('2026-11-01T06:00:00Z'), new Receiver()]
    const deliveries = open(reportFolder(), clock, receiver)
    for (let month = 0; month < 12; month++) deliveries.add(`report-${month}`, { folder: `2026-${month}` })
    await deliveries.send()
    expect([receiver.got.length, deliveries.outbox.count('waiting'), deliveries.nextAt]).toEqual([12, 0, undefined])
    await deliveries.close()
  })

  it('are not sent where the attempt cannot be noted, as on a full disk', async () => {
    const [clock, receiver] = [new HandClock('2026-11-01T06:00:00Z'), new Receiver()]
    const deliveries = open(reportFolder(), clock, receiver)
    deliveries.add('report', { folder: '2026-10' })
    deliveries.outbox.postpone = () => {
      throw new Error('database or disk is full')
    }
    await deliveries.send()
    await deliveries.send()
    expect([receiver.got, deliveries.outbox.count('waiting')]).toEqual([[], 1])
    await deliveries.close()
  })

  it('are not sent again at once after a process that was killed while it sent', async () => {
    const [folder, clock, receiver] = [reportFolder(), new HandClock('2026-11-01T06:00:00Z'), new Receiver()]
    const killed = open(folder, clock, receiver)
    killed.add('report', { folder: '2026-10' })
    // The result is not written any more.
    killed.outbox.sent = () => {
      throw new Error('killed')
    }
    await killed.send()
    await killed.close()
    const next = open(folder, clock, receiver)
    await next.send()
    expect(receiver.got).toHaveLength(1)
    clock.pass(HOUR_MS)
    await next.send()
    expect([receiver.got.length, next.outbox.count('sent')]).toEqual([2, 1])
    await next.close()
  })

  it('do not wait for the time of a clock that was set back', async () => {
    const [folder, clock, receiver] = [reportFolder(), new HandClock('2027-11-01T06:00:00Z'), new Receiver()]
    receiver.answer = () => busy
    const ahead = open(folder, clock, receiver)
    ahead.add('report', { folder: '2026-10' })
    await ahead.send()
    await ahead.close()
    clock.time -= 365 * DAY_MS
    const right = open(folder, clock, receiver)
    await right.send()
    expect(receiver.got).toHaveLength(2)
    expect(right.nextAt).toBeLessThan(clock.now() + 30 * MINUTE_MS)
    await right.close()
  })

  it('are made once for a report and a destination, and kept as sent', async () => {
    const [clock, receiver] = [new HandClock('2026-11-01T06:00:00Z'), new Receiver()]
    const deliveries = open(reportFolder(), clock, receiver)
    for (let times = 0; times < 3; times++) {
      deliveries.add('report', { folder: '2026-10' })
      await deliveries.send()
    }
    expect([receiver.got.length, deliveries.outbox.count('sent')]).toEqual([1, 1])
    await deliveries.close()
  })

  it('end where the process stops: none is begun any more', async () => {
    const [clock, receiver, stopping] = [new HandClock('2026-11-01T06:00:00Z'), new Receiver(), new AbortController()]
    const deliveries = open(reportFolder(), clock, receiver, { signal: stopping.signal })
    deliveries.add('report', { folder: '2026-10' })
    stopping.abort()
    await deliveries.send()
    expect(receiver.got).toEqual([])
    await deliveries.close()
  })
})
