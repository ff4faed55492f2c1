import { dataText } from '../../../../service/page/data-text.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { counted, grouped, words } from '../../../../service/page/words.ts'
import type { DayRow, DaysView } from '../../stats/days.ts'
import type { Tally } from '../../stats/tally.ts'
import { dayChart, dayOfYear } from '../charts/day-chart.ts'
import { assessDays, type DayAssessment } from '../day-assessment.ts'
import { levelGlyph } from '../marks.ts'

const shownReasons = 6

/** Each trust zone's signals by day, most anomalous day first, with the reasons of that day. */
export function daySection(view: DaysView | undefined): Html | undefined {
  if (view === undefined || view.days.length < 2) return undefined
  const rows = view.rows.map(row => ({ row, assessment: assessDays(row) })).sort(byWorst)
  return html`<section aria-labelledby="days-heading"><h2 id="days-heading">The last ${counted(view.days.length - 1, 'day')} and today, most anomalous day first</h2>
<div class="panel days" id="days" data-live><ul>${rows.map(({ row, assessment }) => dayRow(view, row, assessment))}</ul></div></section>`
}

function dayRow({ days }: DaysView, row: DayRow, assessment: DayAssessment): Html {
  const { worst, usual, totals } = assessment
  const day = days[worst]
  return html`<li class="signal"><div class="name">${levelGlyph(assessment.level ?? 'normal')} ${dataText(row.trustZone)} · ${words(row.signal)}</div>
${dayChart(`${row.trustZone.slice(0, 64)} ${words(row.signal)}`, days, assessment)}
<div class="figures"><strong>${grouped(totals[worst] ?? 0)}</strong><span class="muted">on ${day === undefined ? '' : dayOfYear(day)}${usual === undefined ? '' : `, usual ${grouped(usual)}`}</span></div>
<div class="why">${reasons(row.days[worst] ?? [])}</div></li>
`
}

function reasons(tallies: readonly Tally[]): Html {
  const shown = tallies
    .slice(0, shownReasons)
    .map(({ name, count }, index) => html`${index === 0 ? '' : ', '}${dataText(name, 40)} ${grouped(count)}`)
  return html`${shown}${tallies.length > shownReasons ? `, ${tallies.length - shownReasons} more` : undefined}`
}

type Read = { readonly row: DayRow; readonly assessment: DayAssessment }

const ranks = ['anomalous', 'elevated', undefined]

function byWorst(a: Read, b: Read): number {
  const events = ({ assessment: { totals, worst } }: Read) => totals[worst] ?? 0
  return ranks.indexOf(a.assessment.level) - ranks.indexOf(b.assessment.level) || events(b) - events(a)
}
