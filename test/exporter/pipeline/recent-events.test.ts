import { expect, it } from '@jest/globals'
import type { SecurityEvent } from '../../../core/event.ts'
import { RecentEvents } from '../../../exporter/pipeline/recent-events.ts'

const event = (gateway: string, eventTime: number) => ({ gateway, eventTime }) as SecurityEvent

const gateways = (recent: RecentEvents) => recent.list().map(({ gateway }) => gateway)

it('the newest event is the first, in whichever order its source and others are read', () => {
  const recent = new RecentEvents()
  for (const [gateway, time] of [
    ['of a minute ago', 2_000],
    ['of a backlog', 1_000],
    ['now', 3_000],
    ['now, read later', 3_000],
  ] as const) {
    recent.add(event(gateway, time))
  }
  expect(gateways(recent)).toEqual(['now, read later', 'now', 'of a minute ago', 'of a backlog'])
})

it('more events than its capacity leave out those that were read first', () => {
  const recent = new RecentEvents(2)
  for (const gateway of ['a', 'b', 'c', 'd', 'e']) recent.add(event(gateway, 1_000))
  expect(gateways(recent)).toEqual(['e', 'd'])
})
