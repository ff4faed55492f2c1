import type { SourceCoverage } from './coverage.ts'
import type { Period } from './period.ts'
import type { Gap } from './reading.ts'

/**
 * What several stores say of the same source as one: it was covered where at least one of them shows it, so that a gap is
 * what all of them have.
 */
export function mergeSources(
  sources: readonly SourceCoverage[],
  { start, end }: Pick<Period, 'start' | 'end'>,
): readonly SourceCoverage[] {
  const bySource = Map.groupBy(sources, ({ source }) => source)
  return [...bySource]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([source, [first, ...more]]) =>
      more.reduce((one, other): SourceCoverage => {
        if (one.share === null || other.share === null)
          return one.share === null ? withMore(other, one) : withMore(one, other)
        const gaps = intersected(one.gaps, other.gaps)
        const missing = gaps.reduce((sum, gap) => sum + gap.end - gap.start, 0)
        return { ...withMore(one, other), source, gaps, share: 1 - missing / (end - start) }
      }, first as SourceCoverage),
    )
}

/** The same with what another store adds. */
function withMore(one: SourceCoverage, other: SourceCoverage): SourceCoverage {
  const times = [one.lastEvent, other.lastEvent].filter(time => time !== null)
  return {
    ...one,
    observers: [...new Set([...one.observers, ...other.observers])].sort(),
    lastEvent: times.length === 0 ? null : Math.max(...times),
  }
}

/** The times that are in a gap of both, with the reasons of the first. */
function intersected(ones: readonly Gap[], others: readonly Gap[]): Gap[] {
  return ones.flatMap(one =>
    others.flatMap(other => {
      const [start, end] = [Math.max(one.start, other.start), Math.min(one.end, other.end)]
      return start < end ? [{ ...one, start, end }] : []
    }),
  )
}
