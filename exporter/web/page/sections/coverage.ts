import { readShipped } from '../../../../decoding/dialects/setup.ts'
import { envelopes } from '../../../../decoding/envelopes/registry.ts'
import { dataText, idOf } from '../../../../service/page/data-text.ts'
import { type Html, type HtmlValue, html } from '../../../../service/page/html.ts'
import { type Column, table } from '../../../../service/page/table.ts'
import { ago, when, words } from '../../../../service/page/words.ts'
import { recordingsOnly } from '../../signal-coverage/blindness.ts'
import type {
  BlindSpotCoverage,
  CoverageState,
  DialectSetup,
  Reader,
  SignalCoverage,
  ZoneCoverage,
} from '../../signal-coverage/coverage.ts'
import type { PageModel } from '../model.ts'

/** Characters that are shown of a sentence: it may name files. */
const SENTENCE_CHARACTERS = 400
/** Readers and trust zones that are shown of one signal. */
const MOST_NAMED = 4

const blindFirst: readonly (CoverageState | 'unobservable')[] = ['blind', 'quiet', 'fed', 'unobservable']

const byState = <Row extends { readonly state: CoverageState | 'unobservable' }>(
  rows: readonly Row[],
): readonly Row[] => [...rows].sort((a, b) => blindFirst.indexOf(a.state) - blindFirst.indexOf(b.state))

const marks: Readonly<Record<CoverageState | 'unobservable', Html>> = {
  fed: html`<span class="up"><span class="glyph" aria-hidden="true">●</span> read</span>`,
  quiet: html`<span class="muted"><span class="glyph" aria-hidden="true">○</span> read, no event yet</span>`,
  blind: html`<span class="elevated"><span class="glyph" aria-hidden="true">▲</span> blind</span>`,
  unobservable: html`<span class="muted">not observable</span>`,
}

/** Which signals are read, from where, and which are blind: a zero of those means nothing. */
export function coverageSection({ coverage, now }: PageModel): Html {
  const state: readonly Column<SignalCoverage>[] = [
    { head: 'signal', rowHead: true, cell: row => words(row.signal) },
    { head: 'state', cell: row => html`${marks[row.state]}${sentences(row)}` },
  ]
  const read: readonly Column<SignalCoverage>[] = [
    { head: 'read from', label: true, cell: row => readerList(row.readers) },
    { head: 'last event, UTC', keep: true, label: true, cell: row => lastEvent(row, now) },
    { head: 'trust zones', label: true, cell: row => zoneList(row, now) },
  ]
  // Of signals that no source reads there is nothing to say but why.
  const signals = coverage.signals.some(({ readers }) => readers.length > 0) ? [...state, ...read] : state
  const spots: readonly Column<BlindSpotCoverage>[] = [
    { head: "not in OpenClaw's log", rowHead: true, cell: row => row.what },
    { head: 'state', cell: row => marks[row.state] },
    { head: 'reported by', label: true, cell: reportedBy },
  ]
  return html`<section aria-labelledby="coverage-heading"><h2 id="coverage-heading">Coverage</h2><div class="panel" id="coverage" data-live>
<p>${summary(coverage)} Missing data does not mean that all is well.</p>
${coverage.isRecorded ? undefined : table(byState(coverage.signals), signals, { caption: 'Signals, and the sources that report them' })}
<details id="blind"><summary id="blind-summary">What OpenClaw's own log does not contain</summary>${table(byState(coverage.blindSpots), spots, { caption: 'What only other programs report' })}</details>
<details id="setup"><summary id="setup-summary">What to add: the exact lines</summary>${setups(coverage)}</details></div></section>`
}

function summary({ signals, isRecorded }: PageModel['coverage']): Html {
  if (isRecorded) {
    const names = signals.map(({ signal }) => words(signal)).join(', ')
    return html`<strong>${recordingsOnly.sentence}</strong> What this page shows is recorded or synthetic. Of this host, all ${signals.length} signals are blind: ${names}.`
  }
  const blind = signals.filter(({ state }) => state === 'blind')
  if (blind.length === 0) return html`All ${signals.length} signals are read.`
  const [verb, zeros] = blind.length === 1 ? ['is', 'its zeros mean'] : ['are', 'their zeros mean']
  return html`<strong>${blind.length} of ${signals.length} signals ${verb} blind</strong>: ${zeros} nothing.`
}

function sentences({ reasons, limits }: SignalCoverage): readonly Html[] {
  const all = [...reasons.map(({ sentence }) => sentence), ...limits]
  return all.slice(0, MOST_NAMED).map(text => html` <span class="sub">${dataText(text, SENTENCE_CHARACTERS)}</span>`)
}

function readerList(readers: readonly Reader[]): Html {
  if (readers.length === 0) return html`<span class="muted">no source</span>`
  const named = readers
    .slice(0, MOST_NAMED)
    .map(
      ({ source, dialect, up }, index) =>
        html`${index === 0 ? '' : ', '}${dataText(source)} <span class="muted">(${dialect}${up ? '' : ', down'})</span>`,
    )
  return html`${named}${more(readers.length)}`
}

const notKnown = html`<span class="muted">not known</span>`

function lastEvent(row: SignalCoverage, now: number): HtmlValue {
  if (row.lastEvent !== undefined) return when(row.lastEvent, now)
  return row.state === 'blind' ? notKnown : html`<span class="muted">none yet</span>`
}

function zoneList({ state, zones }: SignalCoverage, now: number): Html {
  if (state === 'blind') return notKnown
  const [fed, quiet] = [zones.filter(zone => zone.state === 'fed'), zones.filter(zone => zone.state === 'quiet')]
  const cell = ({ trustZone, lastEvent }: ZoneCoverage, index: number) =>
    html`${index === 0 ? '' : ', '}${dataText(trustZone)}${lastEvent === undefined ? '' : html` <span class="muted">${ago(lastEvent, now)}</span>`}`
  const rest =
    quiet.length === 0
      ? undefined
      : html` <span class="sub">no event yet: ${quiet.slice(0, MOST_NAMED).map(cell)}${more(quiet.length)}</span>`
  return html`${fed.slice(0, MOST_NAMED).map(cell)}${more(fed.length)}${rest}`
}

const more = (all: number): string => (all > MOST_NAMED ? `, ${all - MOST_NAMED} more` : '')

function reportedBy({ state, instead, readers, unread }: BlindSpotCoverage): Html {
  if (state === 'unobservable') return html`no known program; counted: ${instead ?? 'nothing'}`
  if (readers.length > 0) return readerList(readers)
  if (unread.length === 0) return html`<span class="muted">no dialect reads it</span>`
  return html`not read; would be reported by ${unread.join(', ')}`
}

/** The lines for what is blind, each dialect once. */
function setups({ signals, blindSpots, setup }: PageModel['coverage']): Html {
  const wanted = [...signals, ...blindSpots].filter(({ state }) => state === 'blind').flatMap(({ unread }) => unread)
  const shown = setup.filter(({ dialect }) => wanted.includes(dialect))
  if (shown.length === 0) return html`<p class="empty">Nothing is blind that a known program reports.</p>`
  return html`<p>Add the lines of the programs that you run, adjust paths and names, and run <code>clawtrust check-config</code>. <code>clawtrust doctor</code> says which of these programs are on a host.</p>${shown.map(setupBlock)}${shipped}`
}

const shipped = html`<details id="setup-shipped"><summary id="setup-summary-shipped">Through a shipper</summary><p>Records of any dialect that a shipper stores in Elasticsearch are read there, in the place of the files, in one of the envelopes ${envelopes.map(({ name }) => name).join(', ')}:</p><pre>${readShipped().lines.map(
  line => html`${line}
`,
)}</pre></details>`

function setupBlock({ dialect, steps }: DialectSetup): Html {
  return html`<details id="${idOf('setup', dialect)}"><summary id="${idOf('setup-summary', dialect)}">${dialect}</summary>${steps.map(
    ({ where, lines }) =>
      html`<p>${where === 'shell' ? 'In a shell' : html`In <code>${where}</code>`}:</p><pre>${lines.map(
        line => html`${line}
`,
      )}</pre>`,
  )}</details>`
}
