import { type Html, html } from '../../../../service/page/html.ts'
import { counted, grouped, minuteTime, words } from '../../../../service/page/words.ts'
import type { MinuteView } from '../../stats/zone-hour.ts'
import type { SignalView } from '../model.ts'
import { isKnown, levelAround, type SignalAssessment } from '../signal-assessment.ts'
import { stepPath } from './step-path.ts'

const slot = 4
const barWidth = 3
const height = 40
/** Keeps a single event visible beside a flood. */
const minBarHeight = 2
/** Part of the axis from which a line is distinguished from the baseline. */
const VISIBLE_FROM = 0.04

type ChartedSignal = Pick<SignalView, 'signal' | 'minutes' | 'expected'>

type BarKind = 'ground' | 'normal' | 'elevated' | 'anomalous'
const barKinds: readonly BarKind[] = ['ground', 'normal', 'elevated', 'anomalous']

/** A number at the top of an axis that holds `peak`: 1, 2 or 5 times a power of ten. */
export function axisTop(peak: number): number {
  if (peak <= 5) return 5
  const power = 10 ** Math.floor(Math.log10(peak))
  return ([1, 2, 5, 10].find(step => step * power >= peak) as number) * power
}

/**
 * One bar a minute, oldest left, up to `top` events; unknown minutes are hatched, never empty. Where the signal is
 * scored, the line is what was expected of each minute, otherwise what is usual in the mean.
 */
export function minuteChart(view: ChartedSignal, assessment: SignalAssessment, top: number): Html {
  const { signal, minutes, expected } = view
  const width = minutes.length * slot
  const line = expected?.some(value => value !== undefined)
    ? expectedLine(expected, top)
    : usualLine(assessment, width, top)
  return html`<div class="chart"><svg role="img" aria-label="${spoken(signal, assessment)}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" focusable="false">${barKinds.map(kind => bars(kind, view, assessment, top))}${gaps(minutes)}${line}</svg>
<div class="axis" aria-hidden="true"><span>${firstTime(minutes)}</span><span>0 to ${grouped(top)} a minute</span><span>now</span></div></div>`
}

function bars(kind: BarKind, view: ChartedSignal, assessment: SignalAssessment, top: number): Html | undefined {
  const path = view.minutes
    .flatMap((minute, index) => (kindOf(view, index, assessment) === kind ? [bar(index, minute, top)] : []))
    .join('')
  return path === '' ? undefined : html`<path class="bar ${kind}" d="${path}"/>`
}

function bar(index: number, minute: MinuteView, top: number): string {
  const share = Math.min(1, minute.count / top) * height
  const tall = minute.count === 0 ? 1 : Math.max(minBarHeight, Math.round(share * 10) / 10)
  return `M${index * slot} ${height}v-${tall}h${barWidth}v${tall}z`
}

function kindOf(view: ChartedSignal, index: number, { usualRate }: SignalAssessment): BarKind | undefined {
  const minute = view.minutes[index]
  if (minute === undefined || !isKnown(minute)) return undefined
  if (minute.count === 0) return 'ground'
  return levelAround(view, index, usualRate) ?? 'normal'
}

function gaps(minutes: readonly MinuteView[]): Html[] {
  return runs(minutes).map(
    ({ from, length }) =>
      html`<rect class="gap" fill="url(#hatch)" x="${from * slot}" y="0" width="${length * slot}" height="${height}"/>`,
  )
}

/** Consecutive unknown minutes. */
function runs(minutes: readonly MinuteView[]): { from: number; length: number }[] {
  const found: { from: number; length: number }[] = []
  for (const [index, minute] of minutes.entries()) {
    if (isKnown(minute)) continue
    const last = found.at(-1)
    if (last !== undefined && last.from + last.length === index) last.length += 1
    else found.push({ from: index, length: 1 })
  }
  return found
}

/** Left out where no minute of it is visible above the baseline. */
function expectedLine(expected: readonly (number | undefined)[], top: number): Html | undefined {
  if (!expected.some(value => value !== undefined && value >= top * VISIBLE_FROM)) return undefined
  const y = (value: number) => Math.round((1 - Math.min(1, value / top)) * height * 10) / 10
  return html`<path class="expected" d="${stepPath(expected, slot, y)}"/>`
}

/** Drawn only where it is visible above the baseline. */
function usualLine({ usualRate }: SignalAssessment, width: number, top: number): Html | undefined {
  if (usualRate === undefined || usualRate < top * VISIBLE_FROM || usualRate > top) return undefined
  const y = Math.round((1 - usualRate / top) * height * 10) / 10
  return html`<line class="usual" x1="0" y1="${y}" x2="${width}" y2="${y}"/>`
}

function firstTime(minutes: readonly MinuteView[]): string {
  const first = minutes[0]
  return first === undefined ? '' : minuteTime(first.start)
}

function spoken(name: string, assessment: SignalAssessment): string {
  const { total, peak, unknownMinutes, partialMinutes } = assessment
  return [
    `${words(name)}, the last hour by minute: ${counted(total, 'event')}`,
    ...(peak === undefined ? [] : [`most in one minute ${grouped(peak.count)}, at ${minuteTime(peak.start)} UTC`]),
    ...(unknownMinutes === 0 ? [] : [`${counted(unknownMinutes, 'minute')} unknown`]),
    ...(partialMinutes === 0 ? [] : [`${counted(partialMinutes, 'minute')} a lower bound`]),
  ].join('; ')
}
