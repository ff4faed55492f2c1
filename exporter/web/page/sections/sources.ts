import { span } from '../../../../core/time/duration.ts'
import { dataText } from '../../../../service/page/data-text.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { type Column, table } from '../../../../service/page/table.ts'
import { bytes, counted, grouped, when } from '../../../../service/page/words.ts'
import type { Tally } from '../../stats/tally.ts'
import { syntheticMark } from '../marks.ts'
import type { PageModel, SourceView } from '../model.ts'

/** Characters that are shown of a sentence: it may name indices or files. */
const NOTICE_CHARACTERS = 400

/** Reasons that are no fault: records that are skipped, and events that the authoritative stream reports. */
const ordinaryReasons: readonly string[] = ['skipped', 'not_authoritative']

/** Sources, their state and their lag. */
export function sourceSection({ sources, now }: PageModel): Html {
  const columns: readonly Column<SourceView>[] = [
    {
      head: 'source',
      rowHead: true,
      cell: row =>
        html`${dataText(row.name)}${syntheticMark(row.synthetic)} <span class="sub">${row.kind}${details(row)}</span>`,
    },
    { head: 'state', cell: state },
    { head: 'lag', keep: true, label: true, cell: lagCell },
    {
      head: 'last event, UTC',
      keep: true,
      label: true,
      cell: row => (row.lastEvent === undefined ? html`<span class="muted">none yet</span>` : when(row.lastEvent, now)),
    },
    { head: 'events', keep: true, align: 'number', label: true, cell: row => grouped(row.events) },
    { head: 'undecoded', keep: true, align: 'number', label: true, cell: undecodedCell },
    {
      head: 'skipped',
      keep: true,
      align: 'number',
      label: true,
      cell: row => grouped(sum(row.undecoded.filter(isOrdinary))),
    },
  ]
  return html`<section aria-labelledby="sources-heading"><h2 id="sources-heading">Sources</h2><div class="panel" id="sources" data-live>${
    sources.length === 0
      ? html`<p class="empty">No source is configured. Add one under <code>exporter.sources</code> in clawtrust.yml, or start clawtrust without a configuration on the gateway's host, where it reads OpenClaw's own log folder.</p>`
      : table(sources, columns, { caption: 'Sources and their health' })
  }</div></section>`
}

/** Smaller skew is normal for networks and index refreshes. */
const SHOWN_SKEW_MS = 60_000

function details({ details: { cursorField, clockSkew = 0, backfillProgress } = {} }: SourceView): Html {
  const field = cursorField === undefined ? undefined : html` by ${dataText(cursorField)}`
  const skew = clockSkew > SHOWN_SKEW_MS ? html`, its clocks ${span(clockSkew)} ahead` : undefined
  const percent = backfillProgress === undefined ? 100 : Math.floor(backfillProgress * 100)
  const progress = percent < 100 ? html`, ${percent} % of the backfill read` : undefined
  return html`${field}${skew}${progress}`
}

function state(source: SourceView): Html {
  if (source.up) {
    const notices = (source.notices ?? []).map(
      notice => html` <span class="sub">${dataText(notice, NOTICE_CHARACTERS)}</span>`,
    )
    if (notices.length === 0) return html`<span class="up"><span class="glyph" aria-hidden="true">●</span> up</span>`
    return html`<span class="elevated"><span class="glyph" aria-hidden="true">▲</span> up, with a warning</span>${notices}`
  }
  const word = source.isWithoutInput === true ? 'no input' : 'down'
  return html`<span class="anomalous"><span class="glyph" aria-hidden="true">◆</span> ${word}</span> <span class="sub">${dataText(source.reason ?? 'no reason reported', NOTICE_CHARACTERS)}</span>`
}

function lagCell({ backlogUnit, lag, backlog }: SourceView): Html {
  const rest =
    backlog === undefined || backlog === 0
      ? undefined
      : `${backlogUnit === 'records' ? counted(backlog, 'record') : bytes(backlog)} to read`
  if (lag === undefined) return html`<span class="muted">not known yet</span> <span class="sub">${rest}</span>`
  return html`${span(Math.max(0, lag))}${rest === undefined ? undefined : html` <span class="sub">${rest}</span>`}`
}

function undecodedCell({ undecoded, lost }: SourceView): Html {
  const faults = undecoded.filter(tally => !isOrdinary(tally) && tally.count > 0)
  const reasons = faults.map(
    ({ name, count }, index) => html`${index === 0 ? '' : ', '}${dataText(name)} ${grouped(count)}`,
  )
  return html`${grouped(sum(faults))}${reasons.length === 0 ? undefined : html` <span class="sub">${reasons}</span>`}${lost === 0 ? undefined : html` <span class="sub elevated">▲ ${grouped(lost)} lost</span>`}`
}

function isOrdinary({ name }: Tally): boolean {
  return ordinaryReasons.includes(name)
}

function sum(tallies: readonly Tally[]): number {
  return tallies.reduce((total, { count }) => total + count, 0)
}
