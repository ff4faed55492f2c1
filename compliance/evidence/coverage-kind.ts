import { z } from 'zod'
import { type EpochMs, SECOND_MS } from '../../core/clock.ts'
import { text } from '../../core/config/schema.ts'
import { type Observer, observers } from '../../core/zero-trust.ts'
import type { CoverageReading, SourceCoverage } from './coverage.ts'
import { resultOf } from './coverage-prometheus.ts'
import { defineEvidence } from './kind.ts'
import { readCoverage } from './read-coverage.ts'
import { rounded } from './series.ts'
import { unread } from './unread.ts'

const coverageSchema = z
  .strictObject({
    from: z.literal('coverage'),
    source: text()
      .exactOptional()
      .describe('One source, by its name in the configuration of the exporter, or an index.'),
    observer: z
      .enum(Object.keys(observers) as [Observer, ...Observer[]])
      .exactOptional()
      .describe(
        'The sources of one kind of program. Without `source` and `observer`: all that were seen or are expected.',
      ),
    measure: z
      .enum(['share', 'longest_gap', 'missing'])
      .prefault('share')
      .describe(
        'The share of the period in which the source with the least was observed, in percent; the longest gap of any of them, in seconds; or how many were never observed.',
      ),
  })
  .superRefine(({ source, observer }, context) => {
    if (source !== undefined && observer !== undefined)
      context.addIssue({ code: 'custom', path: ['observer'], message: 'conflicts with source; remove one of the two' })
  })

type CoverageRequest = z.output<typeof coverageSchema>

const measures: Readonly<Record<CoverageRequest['measure'], { readonly unit: string; readonly words: string }>> = {
  share: { unit: '%', words: 'Share of the period in which telemetry was read' },
  longest_gap: { unit: 'seconds', words: 'Longest gap in the telemetry' },
  missing: { unit: 'sources', words: 'Number of sources without any telemetry' },
}

/** Whether the telemetry was there that everything else rests on. */
export const coverageEvidence = defineEvidence({
  type: 'coverage',
  store: 'prometheus',
  summary: 'the telemetry itself: which sources were read, and when not',
  schema: coverageSchema,
  sentence: ({ measure, source, observer }) =>
    `${measures[measure].words}, ${source ?? (observer === undefined ? 'of all sources' : `of ${observers[observer]}`)}`,
  unit: ({ measure }) => measures[measure].unit,
  async read(request, context) {
    const { sources, readings, faults } = await readCoverage(context)
    const about = aboutReadings(readings)
    const asked = sources.filter(({ source, observers }) => {
      if (request.source !== undefined) return source === request.source
      return request.observer === undefined || observers.includes(request.observer)
    })
    const of = request.source ?? request.observer ?? 'sources'
    const known = asked.filter(isKnown)
    if (known.length < asked.length || known.length === 0) {
      const reason = faults[0]?.reason ?? 'no store shows a source of it'
      return unread({ ...about, of, reason }, context.period)
    }
    // As new as the oldest of them; without an event of one, it is not known how new.
    const newest = known.reduce<EpochMs | null>(
      (oldest, { lastEvent }) => (oldest === null || lastEvent === null ? null : Math.min(oldest, lastEvent)),
      Number.POSITIVE_INFINITY,
    )
    return {
      ...about,
      result: known.map(resultOf),
      count: known.length,
      value: measured(request, known),
      newest,
      gaps: known.flatMap(({ gaps }) => gaps),
    }
  },
})

type Known = SourceCoverage & { readonly share: number }

const isKnown = (source: SourceCoverage): source is Known => source.share !== null

function measured({ measure }: CoverageRequest, sources: readonly Known[]): number {
  if (measure === 'share') return rounded(100 * Math.min(...sources.map(({ share }) => share)))
  if (measure === 'missing') return sources.filter(({ share }) => share === 0).length
  const lengths = sources.flatMap(({ gaps }) => gaps.map(({ start, end }) => end - start))
  return Math.max(0, ...lengths) / SECOND_MS
}

/** Of one store, or of the first of several, whose queries are those of all. */
function aboutReadings(readings: CoverageReading['readings']) {
  const [first] = readings
  return {
    store: first?.store ?? 'prometheus',
    address: [...new Set(readings.map(({ address }) => address))].join(', '),
    query: readings.length === 1 ? (first?.query ?? null) : readings.map(({ query }) => query),
  } as const
}
