import { Fault, failureReason } from '../../core/errors.ts'
import type { EvidenceStore } from '../../core/labels/compliance.ts'
import type { CoverageReading, ExpectedIndex, SourceCoverage } from './coverage.ts'
import { documentCoverage } from './coverage-documents.ts'
import { mergeSources } from './coverage-merge.ts'
import { prometheusCoverage } from './coverage-prometheus.ts'
import { stateCoverage } from './coverage-state.ts'
import type { EvidenceContext } from './kind.ts'
import type { Period } from './period.ts'

type Part = Pick<CoverageReading, 'sources' | 'readings'>

/**
 * What was observed during a period, by every store that is configured. A store that cannot be asked is a fault of the
 * coverage and leaves what the others show; what is expected and nowhere seen is a gap of the whole period.
 */
export async function readCoverage(context: EvidenceContext): Promise<CoverageReading> {
  const { prometheus, elasticsearch, state } = context.stores
  const readers: readonly (readonly [EvidenceStore, (() => Promise<Part>) | undefined])[] = [
    ['prometheus', prometheus && (() => prometheusCoverage(prometheus, context))],
    ['elasticsearch', elasticsearch && (() => documentCoverage(elasticsearch, context))],
    ['state', state && (() => stateCoverage(state, context))],
  ]
  const parts: Part[] = []
  const faults: { store: EvidenceStore; reason: string }[] = []
  for (const [store, read] of readers) {
    try {
      if (read !== undefined) parts.push(await read())
    } catch (failure) {
      if (!(failure instanceof Fault)) throw failure
      faults.push({ store, reason: failureReason(failure) })
    }
  }
  const seen = mergeSources(
    parts.flatMap(({ sources }) => sources),
    context.period,
  )
  return {
    sources: withExpected(seen, context, faults.length > 0),
    readings: parts.flatMap(({ readings }) => readings),
    faults,
  }
}

/** An index of which its store says nothing may have been silent: it is unknown, and so are the observers that write it. */
const unreadIndex = ({ index, observers }: ExpectedIndex, { start, end }: Period): SourceCoverage => ({
  source: index,
  observers,
  share: null,
  lastEvent: null,
  gaps: [{ of: index, start, end, reason: 'Elasticsearch could not be asked' }],
})
/** Read, and nothing of the period was decoded: only the configuration says what it observes. */
const isSilent = ({ share, observers, lastEvent }: SourceCoverage, { start }: EvidenceContext['period']): boolean =>
  share !== null && share > 0 && observers.length === 0 && (lastEvent === null || lastEvent < start)

/** A quiet program and a path at which it does not write look the same, so that nothing tells whether it was observed. */
function silent(
  source: SourceCoverage,
  observers: SourceCoverage['observers'],
  { start, end }: EvidenceContext['period'],
): SourceCoverage {
  const reason = 'it was read, and holds no event of the period: whether its program writes there is not known'
  return { ...source, observers, share: null, gaps: [{ of: source.source, start, end, reason }] }
}

/** Adds what is expected and was never seen, and the observers that only the configuration knows. */
function withExpected(
  seen: readonly SourceCoverage[],
  { expected, period }: EvidenceContext,
  isPartial: boolean,
): readonly SourceCoverage[] {
  const wanted = expected?.sources ?? []
  const known = new Map(seen.map(source => [source.source, source]))
  const unread = (expected?.indices ?? [])
    .filter(({ index }) => !known.has(index))
    .map(index => unreadIndex(index, period))
  const never = wanted
    .filter(({ name }) => !known.has(name))
    .map(({ name, observers }): SourceCoverage => {
      const { start, end } = period
      const reason = isPartial ? 'a store that may show it could not be asked' : 'it was never seen'
      const gaps = [{ of: name, start, end, reason }]
      return { source: name, observers, share: isPartial ? null : 0, lastEvent: null, gaps }
    })
  const named = seen.map(source => {
    const own = wanted.find(({ name }) => name === source.source)?.observers ?? []
    const observers = [...new Set([...source.observers, ...own])].sort()
    return own.length > 0 && isSilent(source, period) ? silent(source, observers, period) : { ...source, observers }
  })
  return [...named, ...never, ...unread].sort((one, other) => (one.source < other.source ? -1 : 1))
}
