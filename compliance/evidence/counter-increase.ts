import { DAY_MS, type EpochMs } from '../../core/clock.ts'
import { Fault } from '../../core/errors.ts'
import { formatDuration } from '../../core/time/duration.ts'
import { matcher, selector } from '../../promql/build.ts'
import type { Bucket } from './calendar.ts'
import { named, openRange, overBuckets, WINDOW, windowsIn } from './measured.ts'
import { greatestSuccession, type Life } from './replicas.ts'
import { labelsKey, rounded } from './series.ts'
import type { MetricSeries, MetricStore } from './stores.ts'

/**
 * The exact increase of counters over a period.
 *
 * `increase()` of Prometheus extrapolates to the borders of its range, so that it gives fractions, and misses the first
 * value of a series. Here the increase is the difference of the value at the end and at the start, each the newest sample
 * at or before that time: increases of consecutive periods add up to that of all of them. Samples are of (start, end], as
 * everywhere in Prometheus.
 *
 * - A counter that falls was reset: it counts from zero then. Of a series that was reset within the period, every sample is
 *   read.
 * - A series that begins within the period began at zero if its target was scraped successfully before: the target exposes
 *   a counter from its first event on. If its target is itself new to Prometheus, its first sample is where counting
 *   begins: what it counted before is of another time.
 * - A time without scrapes loses nothing: the increase is that of the next sample.
 * - Of series that differ only in the labels of their target, replicas, the greatest increase counts; a target that
 *   replaces another one is added to it (replicas.ts).
 */
export interface Increase {
  /** One for each combination of the labels that identify what is counted, in a fixed order. */
  readonly groups: readonly IncreaseGroup[]
  /** Whether any series had a sample, by bucket. */
  readonly isSampled: readonly boolean[]
}

export interface IncreaseGroup {
  readonly labels: Labels
  readonly total: number
  /** By bucket; sums up to the total. */
  readonly buckets: readonly number[]
}

type Labels = Readonly<Record<string, string>>

export interface CounterQuestion {
  readonly store: MetricStore
  /** `metric{…}` */
  readonly series: string
  /** The labels that identify what is counted, of those of a series. */
  readonly identity: (labels: Labels) => Labels
  /** Consecutive. */
  readonly buckets: readonly Bucket[]
  readonly signal: AbortSignal
}

/** How far back a series or a target is searched that was not there at the start. */
const BEFORE_MS = 31 * DAY_MS
/** More is no counter of events, and would take minutes to read. */
const MOST_RESETS = 100

export async function counterIncrease(question: CounterQuestion): Promise<Increase> {
  const { buckets, identity } = question
  const counters = await countersOf(question)
  if (counters.length === 0) return { groups: [], isSampled: buckets.map(() => false) }
  await correctResets(question, counters)
  const groups = Map.groupBy(counters, ({ labels }) => labelsKey(identity(labels)))
  const lives = await livesOf(question, groups)
  return {
    groups: [...groups].sort(byKey).map(([, members]) => groupOf(members, question, lives)),
    isSampled: buckets.map((_, bucket) => counters.some(({ values }) => values[bucket] !== undefined)),
  }
}

/** One series in the period. */
interface Counter {
  readonly labels: Labels
  /** Its value at the end of each bucket; undefined where the bucket has no sample. */
  readonly values: readonly (number | undefined)[]
  /** From which value counting begins. */
  readonly base: number
  /** Its last sample before the period is older than a day. */
  readonly isReturned: boolean
  /** By bucket. */
  increases: readonly number[]
}

async function countersOf(question: CounterQuestion): Promise<Counter[]> {
  const { store, series, buckets, signal } = question
  const newest = (range: string) => `last_over_time(${series}[${range}])`
  const inBucket = (length: number) => newest(openRange(length))
  const found = [...(await overBuckets(store, buckets, inBucket, signal))].sort(byKey)
  if (found.length === 0) return []
  const before = async (length: number) => {
    const values = await store.instant(newest(formatDuration(length)), startOf(question), signal)
    return new Map(values.map(({ labels, samples }) => [labelsKey(named(labels)), samples[0]?.[1] ?? 0]))
  }
  const recent = await before(DAY_MS)
  const isEachRecent = found.every(([key]) => recent.has(key))
  const older = isEachRecent ? recent : await before(BEFORE_MS)
  const began = found.filter(([key]) => !older.has(key)).map(([, { labels }]) => labels)
  const bases = await basesOf(question, began)
  return found.map(([key, { labels, values }]) => {
    const base = older.get(key) ?? bases.get(key) ?? 0
    const isReturned = older.has(key) && !recent.has(key)
    return { labels, values, base, isReturned, increases: differences(values, base) }
  })
}

const byKey = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number => (one < other ? -1 : 1)

/** A value below the one before was counted from zero. */
function differences(values: readonly (number | undefined)[], base: number): readonly number[] {
  let before = base
  return values.map(value => {
    if (value === undefined) return 0
    const increase = value < before ? value : value - before
    before = value
    return increase
  })
}

/** Values from which series count that begin in the period; those that are not in the answer count from zero. */
async function basesOf(question: CounterQuestion, began: readonly Labels[]): Promise<ReadonlyMap<string, number>> {
  const bases = new Map<string, number>()
  const targets = Map.groupBy(began, ({ job = '', instance = '' }) => JSON.stringify([job, instance]))
  for (const [target, members] of [...targets].sort(byKey)) {
    const [job, instance] = JSON.parse(target) as [string, string]
    const scraped = await firstScrape(question, { job, instance })
    if (scraped === 'before') continue
    const series = withTarget(question.series, { job, instance })
    const first = await (scraped === undefined
      ? firstSamples(question, series, new Set(members.map(labelsKey)))
      : samplesAt(question, series, scraped))
    for (const [key, value] of first) bases.set(key, value)
  }
  return bases
}

interface Target {
  readonly job: string
  readonly instance: string
}

/** When a target was first scraped successfully: `before` the period, in it, or undefined where no `up` shows it. */
async function firstScrape(question: CounterQuestion, target: Target): Promise<EpochMs | 'before' | undefined> {
  const { store, signal } = question
  const up = withTarget('up', target)
  const before = await store.instant(`max_over_time(${up}[${formatDuration(BEFORE_MS)}])`, startOf(question), signal)
  if (before.some(({ samples }) => samples.some(([, value]) => value === 1))) return 'before'
  for await (const found of rawSamples(question, up)) {
    const times = found.flatMap(({ samples }) => samples.filter(([, value]) => value === 1).map(([time]) => time))
    if (times.length > 0) return Math.min(...times)
  }
  return undefined
}

/** The values of one scrape. */
async function samplesAt(
  { store, signal }: CounterQuestion,
  series: string,
  time: EpochMs,
): Promise<ReadonlyMap<string, number>> {
  const values = new Map<string, number>()
  for (const { labels, samples } of await store.instant(`${series}[1s]`, time, signal)) {
    const sample = samples.find(([at]) => at === time)
    if (sample !== undefined) values.set(labelsKey(named(labels)), sample[1])
  }
  return values
}

/** The first value of each of these series in the period. */
async function firstSamples(
  question: CounterQuestion,
  series: string,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const first = new Map<string, number>()
  for await (const found of rawSamples(question, series)) {
    for (const { labels, samples } of found) {
      const key = labelsKey(named(labels))
      const [sample] = samples
      if (sample !== undefined && wanted.has(key) && !first.has(key)) first.set(key, sample[1])
    }
    if (first.size === wanted.size) break
  }
  return first
}

function withTarget(series: string, { job, instance }: Target): string {
  const matchers = [matcher('job', job), matcher('instance', instance)].join(',')
  return series.endsWith('}') ? `${series.slice(0, -1)},${matchers}}` : `${series}{${matchers}}`
}

/** Every sample of the period, in pieces of at most a day. */
async function* rawSamples(question: CounterQuestion, series: string): AsyncGenerator<readonly MetricSeries[]> {
  const { store, signal } = question
  const end = endOf(question)
  for (let from = startOf(question); from < end; from += DAY_MS) {
    const to = Math.min(from + DAY_MS, end)
    // A range of Prometheus 2 includes its start, one of Prometheus 3 does not.
    const found = await store.instant(`${series}[${formatDuration(to - from)}]`, to, signal)
    yield found.map(({ labels, samples }) => ({ labels, samples: samples.filter(([time]) => time > from) }))
  }
}

/** Reads every sample of series that fell, or may have fallen before their first one, and corrects their increases. */
async function correctResets(question: CounterQuestion, counters: readonly Counter[]): Promise<void> {
  const { store, series, buckets, signal } = question
  const end = endOf(question)
  // A day before the start: the first sample of the period may be the one that fell.
  const expression = `resets(${series}[${formatDuration(end - startOf(question) + DAY_MS)}]) > 0`
  const reset = new Set((await store.instant(expression, end, signal)).map(({ labels }) => labelsKey(named(labels))))
  const fell = counters.filter(({ labels, isReturned }) => isReturned || reset.has(labelsKey(labels)))
  if (fell.length > MOST_RESETS) {
    throw new Fault(
      `${fell.length} series of ${series} were reset or absent for long, which is too many to count exactly`,
    )
  }
  for (const counter of fell) {
    const matchers = Object.entries(counter.labels).map(([label, value]) => matcher(label, value))
    const exact = selector(nameOf(series), ...matchers)
    const increases = question.buckets.map(() => 0)
    let before = counter.base
    let bucket = 0
    for await (const found of rawSamples(question, exact)) {
      const samples = found.find(({ labels }) => labelsKey(named(labels)) === labelsKey(counter.labels))?.samples ?? []
      for (const [time, value] of samples) {
        while (time > (buckets[bucket] as Bucket).end) bucket++
        increases[bucket] = (increases[bucket] ?? 0) + (value < before ? value : value - before)
        before = value
      }
    }
    counter.increases = increases
  }
}

/**
 * When each series had samples, to five minutes. Asked only where not all members of a group are there from the first to
 * the last bucket, and only of the buckets in which such a member begins or ends.
 */
async function livesOf(
  question: CounterQuestion,
  groups: ReadonlyMap<string, readonly Counter[]>,
): Promise<ReadonlyMap<string, Life>> {
  const { store, series, buckets, signal } = question
  const isWhole = (counter: Counter) => String(spanOf(counter)) === String([0, buckets.length - 1])
  const changing = [...groups.values()].filter(members => members.length > 1 && !members.every(isWhole)).flat()
  const lives = new Map<string, Life>()
  const expression = `count without () (last_over_time(${series}[${WINDOW}]))`
  for (const index of [...new Set(changing.flatMap(spanOf))].sort((one, other) => one - other)) {
    const found = await windowsIn(store, expression, buckets[index] as Bucket, signal)
    for (const { labels, samples } of found) {
      const [first, last] = [samples[0]?.[0], samples.at(-1)?.[0]]
      if (first === undefined || last === undefined) continue
      const key = labelsKey(named(labels))
      lives.set(key, { first: lives.get(key)?.first ?? first, last })
    }
  }
  return lives
}

/** The first and the last bucket in which a series has a sample. */
const spanOf = ({ values }: Counter): readonly [number, number] => [
  values.findIndex(value => value !== undefined),
  values.findLastIndex(value => value !== undefined),
]

function groupOf(
  members: readonly Counter[],
  question: CounterQuestion,
  lives: ReadonlyMap<string, Life>,
): IncreaseGroup {
  const whole = { first: startOf(question), last: endOf(question) }
  const candidates = members.map(({ labels, increases }) => ({
    ...(lives.get(labelsKey(labels)) ?? whole),
    total: increases.reduce((sum, increase) => sum + increase, 0),
  }))
  const chosen = greatestSuccession(candidates).map(index => members[index] as Counter)
  const buckets = question.buckets.map((_, bucket) =>
    rounded(chosen.reduce((sum, { increases }) => sum + (increases[bucket] ?? 0), 0)),
  )
  return {
    labels: question.identity((members[0] as Counter).labels),
    total: rounded(buckets.reduce((sum, increase) => sum + increase, 0)),
    buckets,
  }
}

const startOf = ({ buckets }: CounterQuestion): EpochMs => (buckets[0] as Bucket).start
const endOf = ({ buckets }: CounterQuestion): EpochMs => (buckets.at(-1) as Bucket).end

const nameOf = (series: string): string => series.slice(0, series.includes('{') ? series.indexOf('{') : undefined)
