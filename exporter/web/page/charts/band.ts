import { type Html, html } from '../../../../service/page/html.ts'
import { amount, minuteTime } from '../../../../service/page/words.ts'
import type { BandView } from '../model.ts'
import { axisTop } from './chart.ts'
import { stepPath } from './step-path.ts'

const slot = 4
const barWidth = 3
const height = 40
/** Keeps a single event visible beside a flood. */
const minBarHeight = 2

/** `24 events, 42 expected (30 to 55; 2.1 from people, 40 from a daily job)`. */
export function bandText(view: Omit<BandView, 'minute'> & { readonly parts?: string }): string {
  const { observed, expected, lower, upper, parts } = view
  const range = `${amount(lower)} to ${amount(upper)}${parts === undefined ? '' : `; ${parts}`}`
  return `${amount(observed)} ${observed === 1 ? 'event' : 'events'}, ${amount(expected)} expected (${range})`
}

/** One bar a minute in front of the expected band and its middle; a bar above the band is coloured. */
export function bandChart(name: string, points: readonly BandView[]): Html {
  const top = axisTop(Math.max(0, ...points.map(({ observed, upper }) => Math.max(observed, upper))))
  const width = Math.max(1, points.length) * slot
  const y = (value: number) => Math.round((1 - Math.min(1, value / top)) * height * 10) / 10
  const outside = points.filter(isOutside).length
  const spoken = `${name}, ${points.length} minutes: ${outside} of them above the expected band`
  const bars = (above: boolean) =>
    points
      .flatMap((point, index) => (isOutside(point) === above ? [bar(index, height - y(point.observed))] : []))
      .join('')
  return html`<div class="chart"><svg role="img" aria-label="${spoken}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" focusable="false"><path class="band" d="${bandPath(points, y)}"/><path class="bar normal" d="${bars(false)}"/><path class="bar anomalous" d="${bars(true)}"/><path class="expected" d="${stepPath(
    points.map(({ expected }) => expected),
    slot,
    y,
  )}"/></svg>
<div class="axis" aria-hidden="true"><span>${timeOf(points[0])}</span><span>0 to ${amount(top)} a minute</span><span>${timeOf(points.at(-1))}</span></div></div>`
}

const isOutside = ({ observed, upper }: BandView) => observed > upper

const timeOf = (point: BandView | undefined) => (point === undefined ? '' : minuteTime(point.minute))

function bar(index: number, tall: number): string {
  if (tall === 0) return ''
  const shown = Math.max(minBarHeight, tall)
  return `M${index * slot} ${height}v-${shown}h${barWidth}v${shown}z`
}

function bandPath(points: readonly BandView[], y: (value: number) => number): string {
  if (points.length === 0) return ''
  const upper = points.map(({ upper: value }, index) => `${index * slot} ${y(value)}h${slot}`)
  const lower = points.map(({ lower: value }, index) => `${(index + 1) * slot} ${y(value)}h-${slot}`).reverse()
  return `M${[...upper, ...lower].join('L')}z`
}
