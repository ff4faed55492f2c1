import type { Explanation } from '../../../exporter/detection/model/series/score-result.ts'
import { createSeriesScorer } from '../../../exporter/detection/model/series/series-scorer.ts'
import type { AnomalyView } from '../../../exporter/detection/model/series/views.ts'
import { type BenchmarkSeries, drawBenchmark } from '../seccount/benchmark.ts'
import { START } from '../seccount/series.ts'
import { area, frame, legend, line, type Panel, picture, span } from './panel.ts'

const SEED = 12345
/** A series of about one event a minute. */
const INDEX = 26
const HOURS_BEFORE = 10
const HOURS = 24

/** Groups of views that share a colour. */
const groups: readonly { readonly name: string; readonly colour: string; has(view: AnomalyView): boolean }[] = [
  { name: 'count windows', colour: '#2563eb', has: view => view.startsWith('count_') },
  { name: 'too few events', colour: '#7c3aed', has: view => view === 'silence' || view === 'shortfall' },
]

function explain({ counts }: BenchmarkSeries, first: number, last: number): Explanation[] {
  const scorer = createSeriesScorer({ series: 'picture' })
  const explanations: Explanation[] = []
  for (let minute = 0; minute <= last; minute++) {
    scorer.step(START + 60 * minute, counts[minute] as number)
    if (minute >= first) explanations.push(scorer.explain() as Explanation)
  }
  return explanations
}

/** A day of SecCount with a burst in it: the counts with their band, the score, and the views that make it up. */
export function attackDay(): string {
  const series = drawBenchmark(SEED)[INDEX] as BenchmarkSeries
  const burst = series.attacks.find(({ type }) => type === 'burst')
  const first = (burst?.first ?? 0) - 60 * HOURS_BEFORE
  const last = first + 60 * HOURS
  const minutes = explain(series, first, last)
  const x = { from: first, to: last }
  const ticks = new Map(
    Array.from({ length: HOURS / 4 + 1 }, (_, i) => {
      const minute = Math.ceil(first / 240) * 240 + 240 * i
      return [minute, `${String((minute / 60) % 24).padStart(2, '0')}:00`] as const
    }).filter(([minute]) => minute <= last),
  )
  const highest = Math.max(...minutes.map(({ observed, upper }) => Math.max(observed, upper)))
  const mostRaw = Math.ceil(Math.max(...minutes.map(minute => minute.raw)))
  const counts: Panel = {
    top: 34,
    height: 170,
    title: 'events a minute and what was expected',
    x,
    y: { from: 0, to: highest },
  }
  const score: Panel = { top: 258, height: 110, title: 'score', x, y: { from: 0, to: 100 } }
  const raw: Panel = { top: 422, height: 150, title: 'raw, by the view that has it', x, y: { from: 0, to: mostRaw } }
  const at = (value: (minute: Explanation) => number) =>
    minutes.map((minute, i) => ({ x: first + i, y: value(minute) }))
  const attacks = series.attacks.filter(attack => attack.first >= first && attack.last <= last)
  const spans = (panel: Panel) => attacks.map(({ type, first: from, last: to }) => span(panel, from, to, type))
  let below = at(() => 0)
  const stacked = groups.map(({ colour, has }) => {
    const own = at(({ contributions }) =>
      (Object.entries(contributions) as [AnomalyView, number][]).reduce(
        (sum, [view, part]) => sum + (has(view) ? part : 0),
        0,
      ),
    )
    const upper = own.map(({ x: minute, y }, i) => ({ x: minute, y: y + (below[i]?.y ?? 0) }))
    const shape = area(raw, upper, below, colour, 0.75)
    below = upper
    return shape
  })
  return picture('Counts, expected band, score and views over an attack day', 610, [
    frame(counts, ticks, [0, Math.round(highest / 2), highest]),
    legend(counts, [
      ['observed', '#2563eb'],
      ['1% to 99% expected', '#6b7280'],
    ]),
    area(
      counts,
      at(({ upper }) => upper),
      at(({ lower }) => lower),
      '#6b7280',
      0.28,
    ),
    ...spans(counts),
    line(
      counts,
      at(({ observed }) => observed),
      '#2563eb',
      0.9,
    ),
    frame(score, ticks, [0, 30, 65, 100]),
    ...spans(score),
    line(
      score,
      at(minute => minute.score ?? 0),
      '#dc2626',
    ),
    frame(raw, ticks, [0, 4, 8, 12]),
    legend(
      raw,
      groups.map(({ name, colour }) => [name, colour] as const),
    ),
    ...stacked,
  ])
}
