import { type Html, html } from '../../../../service/page/html.ts'
import { grouped } from '../../../../service/page/words.ts'
import type { EvidencePiece, Report } from '../../../model/report.ts'
import { distributionChart } from '../charts/distribution.ts'
import { detail, first } from '../elements/limits.ts'
import type { References } from '../elements/references.ts'
import { remainder } from '../elements/remainder.ts'
import { code, cut, lines, sentence, text } from '../elements/text.ts'
import { figure, localTime, measured, moment, short, timeOf, utc } from '../elements/words.ts'

/** The annex: each piece of evidence with what is needed to ask for it again. */
export function evidenceSection({ evidence, period: { timeZone } }: Report, references: References): Html {
  const { shown, rest } = first(evidence, detail.evidence)
  return html`<section class="part" id="evidence" aria-labelledby="evidence-head">
<h2 id="evidence-head">Annex: evidence</h2>
<p>Each piece has what was asked, of which store and for which window, how many data its result rests on, and the SHA-256 of the result in the canonical form of RFC 8785. With read access to the store, the same can be asked again and compared.</p>
${shown.length === 0 ? html`<p>The report contains no evidence.</p>` : undefined}${shown.map(piece => article(piece, references, timeZone))}${remainder(rest, 'pieces of evidence')}
</section>`
}

function article(piece: EvidencePiece, references: References, timeZone: string): Html {
  const place = references.evidencePlace(piece.id)
  return html`<article class="evidence" id="${place}" aria-labelledby="${place}-head">
<h3 id="${place}-head"><code>${cut(piece.id, 24)}</code> ${text(piece.title, detail.title)} <span class="note">${cut(piece.kind, 40)}</span></h3>
${piece.fault === '' ? undefined : html`<p class="fault"><b>Not read:</b> ${text(sentence(piece.fault), detail.sentence)}</p>`}
<dl class="facts-of-evidence">
${fact('Store', html`${piece.store} ${code(piece.address, 80)}`)}
${fact('Count', grouped(piece.count))}
${fact('Window (UTC)', html`${moment(piece.window.start)} to ${moment(piece.window.end)}`)}
${fact('Value', measured(piece.value, piece.unit))}
${fact('SHA-256', html`<code>${cut(piece.sha256, 64)}</code>`)}
${fact('Newest datum', piece.newest === null ? 'none' : html`${moment(piece.newest)} UTC`)}
</dl>
<dl class="facts-of-evidence wide">
${piece.index === '' ? undefined : fact('Index', code(piece.index, 160))}
${zones(piece)}
${samples(piece)}
${gaps(piece)}
</dl>
${distribution(piece, timeZone)}
<pre><span class="label">Query</span> ${lines(asText(piece.query), detail.query)}</pre>
<pre><span class="label">Result</span> ${lines(JSON.stringify(piece.result), detail.result)}</pre>
</article>
`
}

const fact = (name: string, value: Html | string): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>`

const asText = (query: EvidencePiece['query']): string => (typeof query === 'string' ? query : JSON.stringify(query))

function samples({ samples: ids }: EvidencePiece): Html | undefined {
  const { shown } = first(ids, detail.samples)
  if (shown.length === 0) return undefined
  return fact('Samples', html`${shown.map((sample, at) => html`${at === 0 ? '' : ' '}${code(sample, 60)}`)}`)
}

function zones({ byZone }: EvidencePiece): Html | undefined {
  const { shown, rest } = first(Object.entries(byZone), detail.zones)
  if (shown.length === 0) return undefined
  return fact(
    'By trust zone',
    html`${shown.map(([zone, value], at) => html`${at === 0 ? '' : ', '}${text(zone, 40)} ${figure(value)}`)}${rest === 0 ? '' : ` and ${rest} more`}`,
  )
}

function gaps({ gaps: found }: EvidencePiece): Html | undefined {
  const { shown, rest } = first(found, 5)
  if (shown.length === 0) return undefined
  return fact(
    'Gaps',
    html`${shown.map(({ of, start, end, reason }, at) => html`${at === 0 ? '' : '; '}${text(of, 40)} from ${utc(start)} to ${utc(end)}: ${text(reason, 120)}`)}${rest === 0 ? '' : `; and ${rest} more`}`,
  )
}

/** Columns of one row of the table below a chart: a month of days. */
const COLUMNS = 31

function distribution({ title, distribution: points }: EvidencePiece, timeZone: string): Html | undefined {
  if (points.length === 0) return undefined
  const shown = points.slice(0, detail.points)
  const isDaily = isByDay(shown)
  const rows = Array.from({ length: Math.ceil(shown.length / COLUMNS) }, (_, at) =>
    shown.slice(at * COLUMNS, (at + 1) * COLUMNS),
  )
  return html`<div class="spread-over-time">${rows.map(
    row =>
      html`${distributionChart(cut(title, 60), row)}<table class="points"><caption class="hidden">Values by ${isDaily ? 'day' : 'time'}, rounded; exact values are in report.json</caption><tr>${row.map(({ start }) => html`<th scope="col">${label(start, isDaily, timeZone)}</th>`)}</tr><tr>${row.map(({ value }) => html`<td>${value === null ? '—' : short(value)}</td>`)}</tr></table>`,
  )}</div>`
}

const DAY = 86_400_000

function isByDay(points: EvidencePiece['distribution']): boolean {
  const [one, other] = points
  return one === undefined || other === undefined || timeOf(other.start) - timeOf(one.start) >= DAY / 2
}

/** In the time zone of the report: its days begin at these times. */
function label(start: string, isDaily: boolean, timeZone: string): string {
  const local = localTime(start, timeZone) ?? utc(start)
  return isDaily ? local.slice(5, 10) : local.slice(11, 16)
}
