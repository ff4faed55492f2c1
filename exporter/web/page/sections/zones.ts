import { MINUTE_MS } from '../../../../core/clock.ts'
import { scoreSeverities } from '../../../../core/score-severity.ts'
import { timeLeft } from '../../../../core/time/duration.ts'
import { dataText, idOf } from '../../../../service/page/data-text.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { amount, counted, grouped, minuteTime, timestamp, words } from '../../../../service/page/words.ts'
import type { Tally } from '../../stats/tally.ts'
import { bandText } from '../charts/band.ts'
import { axisTop, minuteChart } from '../charts/chart.ts'
import { levelGlyph, levelMark, syntheticMark } from '../marks.ts'
import type { SignalView } from '../model.ts'
import type { RankedSignal, RankedZone } from '../ranking.ts'
import { rateLevels, type SignalAssessment } from '../signal-assessment.ts'
import { countsTable } from './counts.ts'

/** Trust zones, most anomalous first, each signal with its hour as a chart. One signal has one scale in all zones. */
export function zoneSection(zones: readonly RankedZone[]): Html {
  const tops = axisTops(zones)
  return html`<section aria-labelledby="zones-heading"><h2 id="zones-heading">Trust zones, most anomalous first</h2>
<div id="zones" data-live>${
    zones.length === 0
      ? html`<div class="panel"><p class="empty">No trust zones yet. A zone appears with its first event, or when a source that feeds it has been read for a minute. The section Sources shows what is being read.</p></div>`
      : html`<div class="zones">${zones.map((zone, rank) => zoneCard(zone, tops, rank === 0))}</div>${legend()}`
  }</div></section>`
}

function axisTops(zones: readonly RankedZone[]): ReadonlyMap<string, number> {
  const peaks = new Map<string, number>()
  for (const { view, assessment } of zones.flatMap(zone => zone.signals)) {
    peaks.set(view.signal, Math.max(peaks.get(view.signal) ?? 0, assessment.peak?.count ?? 0))
  }
  return new Map([...peaks].map(([signal, peak]) => [signal, axisTop(peak)]))
}

function zoneCard(zone: RankedZone, tops: ReadonlyMap<string, number>, first: boolean): Html {
  const id = idOf('zone', zone.trustZone)
  const wide = first && zone.level === 'anomalous' ? ' wide' : ''
  const charted = zone.signals.filter(isCharted)
  return html`<section class="zone ${zone.level}${wide}" id="${id}" aria-labelledby="${id}-name">
<div class="zone-head"><h3 id="${id}-name">${dataText(zone.trustZone)}</h3>${levelMark(zone.level)}<span class="total muted">${counted(zone.total, 'event')} in the last hour</span></div>
<ul>${charted.map(signal => signalRow(signal, tops.get(signal.view.signal) ?? axisTop(0)))}</ul>
${silentLines(zone)}
${charted.length === 0 ? undefined : countsTable(zone.trustZone, charted)}
</section>
`
}

/** Signals without events in a fully known hour are listed without a chart: empty charts would hide the others. */
function isCharted({ view, assessment }: RankedSignal): boolean {
  return view.blindSpot === undefined && (assessment.level !== 'none' || assessment.unknownMinutes > 0)
}

function signalRow({ view, assessment }: RankedSignal, top: number): Html {
  return html`<li class="signal"><div class="name">${levelGlyph(assessment.level)} ${words(view.signal)}${syntheticMark(view.synthetic)}</div>
${minuteChart(view, assessment, top)}
<div class="figures"><strong>${assessment.unknownMinutes + assessment.partialMinutes > 0 ? html`<span aria-hidden="true">≥ </span><span class="hidden">at least </span>` : undefined}${grouped(assessment.total)}</strong><span class="muted">${usual(view)}</span>${scoreFigure(view, assessment)}</div>
<div class="why">${why({ view, assessment })}</div></li>
`
}

function usual({ usualPerHour }: SignalView): string {
  return usualPerHour === undefined ? 'usual unknown' : `usual ${grouped(usualPerHour)}`
}

function scoreFigure({ score, scoreAfter }: SignalView, { level, byRate }: SignalAssessment): Html | undefined {
  if (score !== undefined)
    return html`<span class="score ${byRate ? 'muted' : level}">score ${Math.round(score.value)}</span>`
  if (scoreAfter === undefined) return undefined
  return html`<span class="score muted">${awaited(scoreAfter)}</span>`
}

const awaited = (minutes: number) =>
  minutes === 0 ? 'backfill is being scored' : `score in ${timeLeft(minutes * MINUTE_MS)}`

function why({ view, assessment }: RankedSignal): Html {
  const gaps = [
    ...(assessment.unknownMinutes === 0 ? [] : [`${counted(assessment.unknownMinutes, 'minute')} unknown`]),
    ...(assessment.partialMinutes === 0 ? [] : [`a lower bound in ${counted(assessment.partialMinutes, 'minute')}`]),
  ]
  return html`${tallies(view.reasons, 4)}${whereLine(view)}${gaps.length === 0 ? undefined : html` · <span class="elevated">${gaps.join(', ')}</span>`}${scoreLine(view)}`
}

function whereLine({ gateways, otherGateways, shared }: SignalView): Html | undefined {
  const named = gateways.map(
    (tally, index) => html`${index === 0 ? '' : ', '}${dataText(tally.name, 40)} ${grouped(tally.count)}`,
  )
  const beyond = shared === 0 ? undefined : html` · above the series limit ${grouped(shared)}`
  if (named.length === 0) return beyond
  return html` · <span class="keep">on</span> ${named}${otherGateways === 0 ? undefined : `, ${grouped(otherGateways)} more`}${beyond}`
}

/** The scored minute with its expected band and its parts, the explanation, and entities above their expected count. */
function scoreLine({ score, scoreAfter, gateways, entities = [] }: SignalView): Html | undefined {
  if (score === undefined) return undefined
  const explanation = score.words === undefined ? undefined : html`: ${dataText(score.words, 300)}`
  const suppressed = score.suppressed ? html` <strong>Suppressed by operator feedback.</strong>` : undefined
  const entityCounts = entities.map(
    ({ kind, name, observed, expected }) =>
      html`; ${words(kind)} ${dataText(name, 45)} ${amount(observed)} in 20 minutes, ${amount(expected)} expected`,
  )
  const where = gateways.length < 2 ? undefined : html`${dataText(score.gateway, 40)} `
  const others = scoreAfter === undefined ? undefined : html` · other gateways: ${awaited(scoreAfter)}`
  return html`<span class="scored">${where}<time datetime="${timestamp(score.minute)}">${minuteTime(score.minute)}</time>: ${bandText(score)}${explanation}${entityCounts}${others}${suppressed}</span>`
}

function tallies(all: readonly Tally[], most: number): Html {
  const shown = all
    .slice(0, most)
    .map((tally, index) => html`${index === 0 ? '' : ', '}${dataText(tally.name, 40)} ${grouped(tally.count)}`)
  return html`${shown}${all.length > most ? `, ${all.length - most} more` : undefined}`
}

function silentLines(zone: RankedZone): Html {
  const silent = zone.signals.filter(signal => !isCharted(signal) && signal.view.blindSpot === undefined)
  const blind = zone.signals.filter(({ view }) => view.blindSpot !== undefined)
  return html`${silent.length === 0 ? undefined : html`<p class="calm">No event in the last hour: ${silent.map(({ view }) => words(view.signal)).join(', ')}</p>`}${blind.map(
    ({ view }) =>
      html`<p class="calm"><strong>${words(view.signal)}: not measured.</strong> ${dataText(view.blindSpot ?? '', 200)}</p>`,
  )}`
}

function legend(): Html {
  const rules = [...rateLevels]
    .reverse()
    .map(({ level, least, times }) => `${level} from ${times} times the usual rate and ${least} events`)
    .join(', ')
  return html`<ul class="legend" aria-label="Legend"><li>${levelMark('anomalous')}: the series is active</li><li>${levelMark('elevated')}: score ${scoreSeverities.low} or more</li><li>${levelMark('normal')}: score below ${scoreSeverities.low}</li><li>${levelMark('unknown')}: data is missing</li><li>fixed-rate rule, for bars (by what was expected of them, where that is drawn) and for series without a score or with their first event in the last 12 hours: ${rules}</li><li><svg aria-hidden="true" focusable="false"><rect fill="url(#hatch)" width="14" height="10"/></svg>not read: no count, not zero</li><li><span aria-hidden="true">─</span> expected of each minute, where the signal has one gateway and a score</li><li><span aria-hidden="true">┄</span> usual</li><li>each signal has the same scale in all zones</li></ul>`
}
