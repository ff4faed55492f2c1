import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { SourceCoverage } from '../../../compliance/evidence/coverage.ts'
import { mergeSources } from '../../../compliance/evidence/coverage-merge.ts'
import { observerOf } from '../../../compliance/evidence/coverage-prometheus.ts'
import { WINDOW_MS, Windows } from '../../../compliance/evidence/coverage-windows.ts'
import { readCoverage } from '../../../compliance/evidence/read-coverage.ts'
import type { MetricStore } from '../../../compliance/evidence/stores.ts'
import { Fault } from '../../../core/errors.ts'
import { reporters } from '../../../exporter/sources/reporters.ts'
import { october } from './periods.ts'

const reasons = { down: 'it was down', unseen: 'it was not seen' }

describe('the windows of a source', () => {
  it('are covered where one replica says so, and gaps where none does', () => {
    const windows = new Windows({ start: 0, end: 5 * WINDOW_MS })
    const end = (window: number) => (window + 1) * WINDOW_MS
    windows.note(end(0), 'covered')
    windows.note(end(1), 'down')
    windows.note(end(2), 'covered')
    windows.note(end(2), 'down')
    windows.note(end(3), 'down')
    expect(windows.share).toBe(2 / 5)
    expect(windows.gaps('s', reasons)).toEqual([
      { of: 's', start: WINDOW_MS, end: 2 * WINDOW_MS, reason: 'it was down' },
      { of: 's', start: 3 * WINDOW_MS, end: 4 * WINDOW_MS, reason: 'it was down' },
      { of: 's', start: 4 * WINDOW_MS, end: 5 * WINDOW_MS, reason: 'it was not seen' },
    ])
  })

  it('ignores what is not of the period', () => {
    const windows = new Windows({ start: 0, end: WINDOW_MS })
    windows.note(0, 'covered')
    windows.note(9 * WINDOW_MS, 'covered')
    expect(windows.share).toBe(0)
  })
})

const source = (gaps: readonly (readonly [number, number])[], more: Partial<SourceCoverage> = {}): SourceCoverage => ({
  source: 'log',
  observers: ['gateway'],
  share: 1 - gaps.reduce((sum, [start, end]) => sum + end - start, 0) / 100,
  lastEvent: 1,
  gaps: gaps.map(([start, end]) => ({ of: 'log', start, end, reason: 'a reason' })),
  ...more,
})

describe('what several stores say of one source', () => {
  it('is a gap only where all of them have one', () => {
    const [merged, ...more] = mergeSources(
      [
        source([
          [10, 30],
          [50, 60],
        ]),
        source([[20, 55]], { observers: ['diagnostics'], lastEvent: 7 }),
      ],
      { start: 0, end: 100 },
    )
    expect(more).toEqual([])
    expect(merged?.gaps.map(({ start, end }) => [start, end])).toEqual([
      [20, 30],
      [50, 55],
    ])
    expect(merged).toMatchObject({ share: 0.85, observers: ['diagnostics', 'gateway'], lastEvent: 7 })
  })

  it('is what the other one says where one knows nothing', () => {
    const unknown = source([], { share: null, lastEvent: null })
    expect(mergeSources([unknown, source([[0, 40]])], { start: 0, end: 100 })).toMatchObject([{ share: 0.6 }])
    expect(mergeSources([unknown, unknown], { start: 0, end: 100 })).toMatchObject([{ share: null, lastEvent: null }])
  })

  it('never says more than both of them', () => {
    const gaps = fc.array(fc.tuple(fc.nat(99), fc.nat(99)), { maxLength: 5 }).map(pairs => {
      const cuts = [...new Set(pairs.flat())].sort((one, other) => one - other)
      return cuts.flatMap((cut, index) =>
        index % 2 === 0 && cuts[index + 1] !== undefined ? [[cut, cuts[index + 1] as number] as const] : [],
      )
    })
    fc.assert(
      fc.property(gaps, gaps, (ones, others) => {
        const [merged] = mergeSources([source(ones), source(others)], { start: 0, end: 100 })
        const isIn = (list: readonly (readonly [number, number])[], time: number) =>
          list.some(([start, end]) => time >= start && time < end)
        const missing = Array.from({ length: 100 }, (_, time) => isIn(ones, time) && isIn(others, time))
        expect(merged?.share).toBeCloseTo(1 - missing.filter(Boolean).length / 100, 9)
      }),
    )
  })
})

describe('coverage', () => {
  const signal = new AbortController().signal
  const expected = { sources: [{ name: 'log', observers: ['gateway' as const] }], indices: [] }

  it('knows the observer of every reporter', () => {
    expect(reporters.filter(({ name, observer }) => observerOf.get(name) !== observer)).toEqual([])
  })

  it('says of what is expected and nowhere seen that it is missing', async () => {
    const { sources } = await readCoverage({ period: october, stores: {}, signal, expected })
    expect(sources).toEqual([
      {
        source: 'log',
        observers: ['gateway'],
        share: 0,
        lastEvent: null,
        gaps: [{ of: 'log', start: october.start, end: october.end, reason: 'it was never seen' }],
      },
    ])
  })

  it('is unknown where a store cannot be asked, with the reason', async () => {
    const prometheus: MetricStore = {
      address: 'x',
      instant: () => Promise.reject(new Fault('it is not there')),
      range: () => Promise.reject(new Fault('it is not there')),
    }
    const { sources, faults } = await readCoverage({ period: october, stores: { prometheus }, signal, expected })
    expect(faults).toEqual([{ store: 'prometheus', reason: 'it is not there' }])
    expect(sources).toMatchObject([{ source: 'log', share: null }])
  })

  it('is not known of a source that was read and held nothing, of which only the configuration says what it is', async () => {
    const coverageWith = async (lastEvent: number | null, decoder?: string) => {
      const prometheus: MetricStore = {
        address: 'x',
        async instant(expression) {
          const value = (labels: Record<string, string>, number: number) => [
            { labels: { source: 'log', ...labels }, samples: [[october.end, number] as const] },
          ]
          if (expression.includes('last_event')) return lastEvent === null ? [] : value({}, lastEvent / 1_000)
          return expression.includes('events_total') && decoder !== undefined ? value({ decoder }, 1) : []
        },
        async range(expression, { start, end, step }) {
          if (!expression.includes('source_up')) return []
          const length = Math.floor((end - start) / step) + 1
          const samples = Array.from({ length }, (_, at) => [start + at * step, 1] as const)
          return [{ labels: { source: 'log' }, samples }]
        },
      }
      const { sources } = await readCoverage({ period: october, stores: { prometheus }, signal, expected })
      return sources.map(({ share, observers, gaps }) => [share, ...observers, ...gaps.map(({ reason }) => reason)])
    }
    const reason = 'it was read, and holds no event of the period: whether its program writes there is not known'
    expect(await coverageWith(null)).toEqual([[null, 'gateway', reason]])
    expect(await coverageWith(october.start - 1_000)).toEqual([[null, 'gateway', reason]])
    expect(await coverageWith(october.end - 1_000)).toEqual([[1, 'gateway']])
    expect(await coverageWith(october.end - 1_000, 'openclaw')).toMatchObject([[1, 'gateway']])
  })

  it('does not hide an error of its own', async () => {
    const prometheus: MetricStore = {
      address: 'x',
      instant: () => Promise.reject(new TypeError('a mistake')),
      range: () => Promise.reject(new TypeError('a mistake')),
    }
    await expect(readCoverage({ period: october, stores: { prometheus }, signal })).rejects.toThrow('a mistake')
  })
})
