import { z } from 'zod'
import { SECOND_MS } from '../../core/clock.ts'
import type { Json } from '../../service/state/state.ts'
import type { LedgerPeriod } from '../../service/views/ledger-view.ts'
import { bucketsOf } from './calendar.ts'
import { defineEvidence } from './kind.ts'
import {
  type Delay,
  falseBlocks,
  firstOccurrences,
  type Occurrence,
  summaryOf,
  timesToContain,
  timesToDecide,
  timesToDetect,
  undecided,
} from './ledger-measures.ts'
import type { Period } from './period.ts'
import type { Gap, Reading } from './reading.ts'
import { unread } from './unread.ts'

interface CountMeasure {
  readonly words: string
  readonly unit: string
  readonly count: (period: LedgerPeriod) => Iterable<{ readonly incident: string; readonly time: number | null }>
}

interface DelayMeasure {
  readonly words: string
  readonly delays: (period: LedgerPeriod) => readonly Delay[]
}

const first =
  (...kinds: Parameters<typeof firstOccurrences>[1]) =>
  (period: LedgerPeriod): Iterable<Occurrence> =>
    firstOccurrences(period, kinds).values()

/** What can be counted; each incident once. */
const counts = {
  incidents: {
    words: 'Incidents that were received',
    unit: 'incidents',
    count: ({ incidents }) => incidents.map(({ id, receivedAt }) => ({ incident: id, time: receivedAt })),
  },
  undecided: {
    words: 'Incidents on which neither the service nor a person decided',
    unit: 'incidents',
    count: period => undecided(period).map(({ id, receivedAt }) => ({ incident: id, time: receivedAt })),
  },
  observed: { words: 'Incidents on which action was only noted', unit: 'incidents', count: first('observed') },
  refused: { words: 'Incidents on which the policy refused to act', unit: 'incidents', count: first('refused') },
  proposed: { words: 'Proposals to a person', unit: 'proposals', count: first('proposed') },
  rejected: { words: 'Proposals that a person rejected', unit: 'proposals', count: first('rejected') },
  lapsed: { words: 'Proposals that expired without an answer', unit: 'proposals', count: first('lapsed') },
  enforced: { words: 'Incidents that were acted on', unit: 'incidents', count: first('enforced') },
  failed: { words: 'Incidents on which a step failed at least once', unit: 'incidents', count: first('failed') },
  expired: { words: 'Blocks whose time was over', unit: 'blocks', count: first('expired') },
  rolled_back: {
    words: 'Actions that were taken back before their time was over',
    unit: 'actions',
    count: first('released', 'undone'),
  },
  false_blocks: {
    words: 'Blocks that an operator released, or whose target a person then refused to block again',
    unit: 'blocks',
    count: falseBlocks,
  },
} as const satisfies Record<string, CountMeasure>

const delays = {
  time_to_detect: { words: 'Time from the first event to the alert', delays: timesToDetect },
  time_to_decide: { words: 'Time from the receipt of an alert to the decision', delays: timesToDecide },
  time_to_contain: { words: 'Time from the receipt of an alert to the action in force', delays: timesToContain },
} as const satisfies Record<string, DelayMeasure>

/** The measure that says whether the audit trail is whole. */
const CHAIN = 'chain_verified'

const countNames = Object.keys(counts) as (keyof typeof counts)[]
const delayNames = Object.keys(delays) as (keyof typeof delays)[]
const statistics = { p95: '95th percentile', median: 'median' } as const

const schema = z
  .strictObject({
    from: z.literal('ledger'),
    measure: z
      .enum([...countNames, ...delayNames, CHAIN])
      .describe(
        'What is measured: a number of incidents, proposals or blocks; a time, in seconds; or 1 where the hash chain of the audit trail is unbroken, otherwise 0.',
      ),
    statistic: z
      .enum(Object.keys(statistics) as [keyof typeof statistics, ...(keyof typeof statistics)[]])
      .exactOptional()
      .describe('Of a time: its 95th percentile, which is the default, or its median.'),
  })
  .superRefine(({ measure, statistic }, context) => {
    if (statistic === undefined || isDelay(measure)) return
    context.addIssue({ code: 'custom', path: ['statistic'], message: `has no effect on ${measure}, which is no time` })
  })

type Request = z.output<typeof schema>

const isDelay = (measure: Request['measure']): measure is keyof typeof delays => Object.hasOwn(delays, measure)

/** Incidents, decisions and actions of the remediation ledger, and whether its audit trail is whole. */
export const ledger = defineEvidence({
  type: 'ledger',
  store: 'ledger',
  summary: 'incidents, decisions and actions of the remediation ledger, and its hash chain',
  schema,
  sentence({ measure, statistic = 'p95' }) {
    if (measure === CHAIN) return 'Hash chain of the audit trail (1: unbroken)'
    return isDelay(measure) ? `${delays[measure].words}, ${statistics[statistic]}` : counts[measure].words
  },
  unit({ measure }) {
    if (measure === CHAIN) return ''
    return isDelay(measure) ? 'seconds' : counts[measure].unit
  },
  async read(request, { period, stores }) {
    const { ledger: view } = stores
    const query = queryOf(request, period)
    const nothing = { store: 'ledger', query, of: 'ledger' } as const
    if (view === undefined) return unread({ ...nothing, reason: 'no ledger is configured' }, period)
    const found = view.period(period.start, period.end)
    const address = view.path
    if (found.since === null)
      return unread({ ...nothing, address, reason: 'the ledger has no record of before its end' }, period)
    const { measure, statistic = 'p95' } = request
    const { newest } = found
    const base = { store: 'ledger', address, query, newest } as const
    if (measure === CHAIN) return { ...base, ...chainOf(found), gaps: [] }
    const gaps = gapsOf(found, period)
    if (isDelay(measure)) return { ...base, ...delayOf(found, measure, statistic), gaps }
    return { ...base, ...countOf(found, measure, period), gaps }
  },
})

function queryOf({ measure, statistic = 'p95' }: Request, { start, end }: Period): Json {
  const window = { start: new Date(start).toISOString(), end: new Date(end).toISOString() }
  const tables = measure === CHAIN ? ['audit'] : ['incidents', 'audit']
  return { tables, measure, ...(isDelay(measure) ? { statistic } : {}), ...window }
}

type Measured = Pick<Reading, 'result' | 'count' | 'value' | 'samples' | 'distribution'>

function chainOf({ chain: { verified, detail, records, head } }: LedgerPeriod): Measured {
  const value = verified ? 1 : 0
  return { result: { verified, detail, records, head }, count: records, value }
}

function delayOf(found: LedgerPeriod, measure: keyof typeof delays, statistic: keyof typeof statistics): Measured {
  const measured = delays[measure].delays(found)
  const summary = summaryOf(measured)
  if (summary === null) return { result: null, count: 0, value: null }
  const { median, p95, count } = summary
  const seconds = { median: median / SECOND_MS, p95: p95 / SECOND_MS }
  const slowest = measured.toSorted((one, other) => other.delay - one.delay || (one.incident < other.incident ? -1 : 1))
  return {
    result: { ...seconds, count, slowest: (slowest[0]?.delay ?? 0) / SECOND_MS },
    count,
    value: seconds[statistic],
    samples: samplesOf(slowest),
  }
}

function countOf(found: LedgerPeriod, measure: keyof typeof counts, period: Period): Measured {
  const counted: readonly { readonly incident: string; readonly time: number | null }[] = [
    ...counts[measure].count(found),
  ]
  const playbooks = new Map(found.incidents.map(({ id, playbook }) => [id, playbook]))
  const byPlaybook = new Map<string, number>()
  for (const { incident } of counted) {
    const playbook = playbooks.get(incident) ?? 'earlier incidents'
    byPlaybook.set(playbook, (byPlaybook.get(playbook) ?? 0) + 1)
  }
  const { damaged } = found
  return {
    result: { count: counted.length, by_playbook: Object.fromEntries([...byPlaybook].sort()), damaged: { ...damaged } },
    count: counted.length,
    value: counted.length,
    samples: samplesOf(counted),
    distribution: bucketsOf(period).buckets.map(({ start, end }) => ({
      start,
      value: counted.filter(({ time }) => time !== null && time >= start && time < end).length,
    })),
  }
}

const samplesOf = (counted: readonly { readonly incident: string }[]): readonly string[] =>
  counted.slice(0, 5).map(({ incident }) => incident)

function gapsOf({ since, damaged }: LedgerPeriod, { start, end }: Period): readonly Gap[] {
  const gaps: Gap[] = []
  if (since !== null && since > start)
    gaps.push({ of: 'ledger', start, end: since, reason: 'the ledger has no record of before' })
  if (damaged.records > 0) {
    const reason = `${damaged.records} records of its audit trail cannot be read, and may be of this time`
    gaps.push({ of: 'ledger', start, end, reason })
  }
  return gaps
}
