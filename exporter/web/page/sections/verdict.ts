import { dataText, idOf } from '../../../../service/page/data-text.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { counted, grouped, words } from '../../../../service/page/words.ts'
import type { PageModel, SourceView } from '../model.ts'
import type { RankedSignal, RankedZone } from '../ranking.ts'
import { type Level, levels } from '../signal-assessment.ts'

const maxFindings = 4

interface Finding {
  readonly zone: RankedZone
  readonly signal: RankedSignal
}

/** The page in one sentence: which trust zone is anomalous and why. */
export function verdict(model: PageModel, zones: readonly RankedZone[]): Html {
  const findings = findingsOf(zones)
  const level = zones[0]?.level ?? 'unknown'
  const isBlind = model.sources.length === 0 || model.sources.some(source => !source.up || source.unrecognised === true)
  const troubled = !model.readiness.ready || isBlind
  const shown: Level = findings.length === 0 && troubled ? 'unknown' : level
  return html`<section class="verdict ${shown}" id="verdict" aria-labelledby="headline" data-live>
<h2 id="headline" aria-live="polite">${headline(model, findings, level)}</h2>
${findings.length === 0 ? undefined : html`<ul>${findings.slice(0, maxFindings).map(finding)}</ul>`}
${offenderLine(model, findings)}
${model.readiness.ready ? undefined : html`<p><strong>Not ready:</strong> ${model.readiness.reason ?? 'the backlog is still being read'}. The figures are incomplete.</p>`}
${findings.length === 0 ? undefined : sourceLine('Sources down', model, source => !source.up)}
${sourceLine('Sources with warnings', model, source => source.up && (source.notices ?? []).length > 0)}
<p class="facts">${facts(model, zones)}</p>
</section>`
}

/**
 * With findings, the headline is about them, and sources that are down need a line of their own. So do always those that
 * are up and of which a part is not read or not counted: their warnings are at the end of the page.
 */
function sourceLine(label: string, { sources }: PageModel, isNamed: (source: SourceView) => boolean): Html | undefined {
  const named = sources.filter(isNamed)
  if (named.length === 0) return undefined
  return html`<p><span class="elevated">▲ ${label}:</span> ${named.slice(0, maxFindings).map((source, index) => html`${index === 0 ? '' : ', '}${dataText(source.name)}`)}${named.length > maxFindings ? `, ${named.length - maxFindings} more` : undefined}; see <a id="${idOf('finding', label)}" href="#sources-heading">Sources</a></p>`
}

/** The address with the most events of a signal that is found: who is on call asks for it first. */
function offenderLine({ offenders }: PageModel, findings: readonly Finding[]): Html | undefined {
  const first = offenders.find(offender => findings.some(({ signal }) => signal.view.signal === offender.signal))
  if (first === undefined) return undefined
  return html`<p>Top offender: <strong>${dataText(first.address, 45)}</strong>, ${words(first.signal)} ${grouped(first.events)}; see <a id="${idOf('finding', 'offenders')}" href="#offenders-heading">Offenders</a></p>`
}

function findingsOf(zones: readonly RankedZone[]): Finding[] {
  return zones
    .flatMap(zone => zone.signals.map(signal => ({ zone, signal })))
    .filter(({ signal }) => signal.assessment.level === 'elevated' || signal.assessment.level === 'anomalous')
    .sort((a, b) => levels.indexOf(b.signal.assessment.level) - levels.indexOf(a.signal.assessment.level))
}

function headline(model: PageModel, findings: readonly Finding[], level: Level): Html {
  const worst = findings[0]?.zone
  if (worst !== undefined) {
    const zonesNamed = new Set(findings.map(({ zone }) => zone.trustZone)).size
    const others =
      zonesNamed === 1 ? '' : `, ${counted(zonesNamed - 1, 'other zone is', 'other zones are')} elevated or anomalous`
    return html`${dataText(worst.trustZone)} is ${level}${others}`
  }
  if (model.sources.length === 0) return html`No source is configured`
  const down = model.sources.filter(source => !source.up).length
  if (down > 0)
    return html`${counted(down, 'source')} of ${model.sources.length} cannot be read: missing data is not health`
  const unrecognised = model.sources.filter(source => source.unrecognised).length
  if (unrecognised > 0)
    return html`${counted(unrecognised, 'source')} of ${model.sources.length} ${unrecognised === 1 ? 'is' : 'are'} in no known format: missing data is not health`
  if (level === 'unknown') return html`No anomalies, but some data is missing`
  return html`No anomalies in the last hour`
}

function finding({ zone, signal: { view, assessment } }: Finding): Html {
  const [reason] = view.reasons
  const mostly = reason === undefined ? undefined : html`, mostly ${dataText(reason.name)}`
  const score = view.score && html`, score ${Math.round(view.score.value)}`
  const basis = assessment.byRate ? ', by the fixed-rate rule' : score
  return html`<li><a id="${idOf('finding', `${zone.trustZone}-${view.signal}`)}" href="#${idOf('zone', zone.trustZone)}">${dataText(zone.trustZone)}: ${words(view.signal)}</a> <strong>${grouped(assessment.total)}</strong> in the last hour${comparison(view.usualPerHour, assessment.total)}${basis}${mostly}</li>`
}

function comparison(usual: number | undefined, total: number): string {
  if (usual === undefined) return ''
  if (usual === 0) return ', usual 0'
  const times = total / usual
  return times < 2 ? '' : `, ${grouped(times)} times the usual ${grouped(usual)}`
}

function facts(model: PageModel, zones: readonly RankedZone[]): string {
  const events = zones.reduce((total, zone) => total + zone.total, 0)
  const up = model.sources.filter(source => source.up).length
  return [
    `${counted(events, 'event')} in the last hour`,
    counted(zones.length, 'trust zone'),
    counted(model.gatewayCount, 'gateway'),
    `${up} of ${counted(model.sources.length, 'source')} up`,
  ].join(' · ')
}
