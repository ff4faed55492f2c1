import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MINUTE_MS } from '../../../core/clock.ts'
import type { BackfilledMinutes } from '../../../exporter/contracts/subscriber.ts'
import { Losses } from '../../../exporter/pipeline/losses.ts'
import { Minutes } from '../../../exporter/pipeline/minutes.ts'
import { failure, NOON } from './fixtures.ts'

const sources = ['one', 'other'] as const
type SourceName = (typeof sources)[number]
const signals = ['auth_failures', 'auth_lockouts'] as const

interface What {
  readonly source: SourceName
  readonly gateway: string
  readonly signal: (typeof signals)[number]
  readonly minute: number
}

type Step =
  | ({ readonly step: 'event' | 'backfilled' } & What)
  | { readonly step: 'advance'; readonly source: SourceName; readonly by: number }
  | { readonly step: 'conclude'; readonly source: SourceName }
  | { readonly step: 'close'; readonly limit: number }

const source = fc.constantFrom(...sources)
const what = { source, gateway: fc.constantFrom('gw-1', 'gw-2'), signal: fc.constantFrom(...signals) }
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ step: fc.constant('event' as const), ...what, minute: fc.nat(4) }) },
    { weight: 2, arbitrary: fc.record({ step: fc.constant('backfilled' as const), ...what, minute: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ step: fc.constant('advance' as const), source, by: fc.nat(6) }) },
    { weight: 2, arbitrary: fc.record({ step: fc.constant('conclude' as const), source }) },
    { weight: 3, arbitrary: fc.record({ step: fc.constant('close' as const), limit: fc.integer({ min: 1, max: 9 }) }) },
  ),
  { maxLength: 60 },
)

const eventOf = ({ source, gateway, signal }: What, minute: number) =>
  failure(NOON + minute * MINUTE_MS, { signal, gateway, record: { source, id: '1' } })

const nameOf = ({ gateway, signal }: { gateway: string; signal: string }) => `${gateway} ${signal}`

/** What a subscriber knows of each series: its minutes follow each other, and what is emitted again replaces them. */
function follower() {
  const known = new Map<string, { end: number; counts: Map<number, number> }>()
  return {
    known,
    onMinute(key: Parameters<typeof nameOf>[0], start: number, count: number) {
      const series = known.get(nameOf(key)) ?? { end: start, counts: new Map() }
      known.set(nameOf(key), series)
      expect(start).toBe(series.end)
      series.end = start + 60
      series.counts.set(start, count)
    },
    onLateEvents(key: Parameters<typeof nameOf>[0], start: number, count: number) {
      const series = known.get(nameOf(key))
      series?.counts.set(start, (series.counts.get(start) ?? 0) + count)
    },
    onBackfill(run: BackfilledMinutes) {
      known.set(nameOf(run.key), { end: run.end, counts: new Map(run.counts) })
    },
  }
}

it('counts every event in its minute, and none is late that its source had not passed, whatever comes in which order', () => {
  fc.assert(
    fc.property(steps, given => {
      const subscriber = follower()
      const minutes = new Minutes({ subscribers: subscriber, losses: new Losses() })
      minutes.beginBackfill()
      const readTo = { one: 0, other: 0 }
      const underWay = new Set<SourceName>(sources)
      const truth = new Map<string, Map<number, number>>()
      const count = (event: What, minute: number) => {
        const counts = truth.get(nameOf(event)) ?? new Map<number, number>()
        truth.set(nameOf(event), counts)
        const start = NOON / 1000 + minute * 60
        counts.set(start, (counts.get(start) ?? 0) + 1)
      }
      const advance = (name: SourceName, by: number) => {
        readTo[name] += by
        minutes.advance(name, NOON + readTo[name] * MINUTE_MS)
      }
      const conclude = (name: SourceName) => {
        if (!underWay.delete(name)) return
        minutes.concludeBackfill(name)
        if (underWay.size === 0) minutes.endBackfill()
      }
      /** Minutes with an event that came when they were closed: it counts there where they are kept. */
      const late = new Set<string>()
      /** From which minute on a source is waited for: by series and source, the first that was not closed when it came. */
      const waitedForFrom = new Map<string, number>()
      const join = (one: What) => {
        const series = minutes.find(one.gateway, 'agent-control', one.signal)
        const name = `${nameOf(one)} ${one.source}`
        const closedTo = series === undefined || series.isNew ? Number.NEGATIVE_INFINITY : series.next
        if (!waitedForFrom.has(name)) waitedForFrom.set(name, closedTo)
        return waitedForFrom.get(name) as number
      }
      for (const name of sources) advance(name, 0)
      for (const one of given) {
        if (one.step === 'advance') advance(one.source, one.by)
        else if (one.step === 'conclude') conclude(one.source)
        else if (one.step === 'close') minutes.close(one.limit)
        else if (one.step === 'backfilled') {
          if (!underWay.has(one.source)) continue
          join(one)
          minutes.addBackfilled(one.source, eventOf(one, -one.minute), NOON + readTo[one.source] * MINUTE_MS)
          count(one, -one.minute)
        } else {
          const minute = readTo[one.source] + one.minute
          const isWaitedFor = NOON / 1000 + minute * 60 >= join(one)
          const inTime = minutes.add(one.source, eventOf(one, minute))
          if (isWaitedFor) expect(inTime).toBe(true)
          if (inTime) count(one, minute)
          else late.add(`${nameOf(one)} ${NOON / 1000 + minute * 60}`)
        }
      }
      for (const name of sources) {
        conclude(name)
        advance(name, 100)
      }
      while (minutes.close(50));
      for (const [name, counts] of truth) {
        const held = subscriber.known.get(name)?.counts ?? new Map<number, number>()
        const starts = [...new Set([...held.keys(), ...counts.keys()])]
        const isWrong = (start: number) => (held.get(start) ?? 0) !== (counts.get(start) ?? 0)
        expect(starts.filter(start => isWrong(start) && !late.has(`${name} ${start}`))).toEqual([])
      }
    }),
    { numRuns: 400 },
  )
})
