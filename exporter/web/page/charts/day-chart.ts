import type { EpochMs } from '../../../../core/clock.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { grouped, timestamp } from '../../../../service/page/words.ts'
import { type DayAssessment, dayLevel } from '../day-assessment.ts'
import { axisTop } from './chart.ts'

const slot = 16
const barWidth = 13
const height = 40
/** Keeps a single event visible beside a flood. */
const minBarHeight = 2

/** `11-21`. */
export const dayOfYear = (day: EpochMs) => timestamp(day).slice(5, 10)

/** One bar a day, oldest left; a day far above the usual is coloured as a minute is. */
export function dayChart(name: string, days: readonly EpochMs[], { totals, worst, usual }: DayAssessment): Html {
  const top = axisTop(totals[worst] ?? 0)
  const width = days.length * slot
  const spoken = `${name} by day: ${days.map((day, index) => `${dayOfYear(day)} ${grouped(totals[index] ?? 0)}`).join(', ')}`
  return html`<div class="chart"><svg role="img" aria-label="${spoken}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" focusable="false">${totals.map(
    (total, index) =>
      html`<path class="bar ${dayLevel(total, usual) ?? (total === 0 ? 'ground' : 'normal')}" d="${bar(index, total, top)}"/>`,
  )}</svg>
<div class="axis" aria-hidden="true"><span>${days[0] === undefined ? '' : dayOfYear(days[0])}</span><span>0 to ${grouped(top)} a day</span><span>today</span></div></div>`
}

function bar(index: number, total: number, top: number): string {
  const share = Math.min(1, total / top) * height
  const tall = total === 0 ? 1 : Math.max(minBarHeight, Math.round(share * 10) / 10)
  return `M${index * slot} ${height}v-${tall}h${barWidth}v${tall}z`
}
