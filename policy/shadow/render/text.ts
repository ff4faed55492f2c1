import { visible } from '../../../service/page/visible.ts'
import { counted, grouped } from '../../../service/page/words.ts'
import { weekdays } from '../../model/policy.ts'
import type { FlowFinding, ShadowReport } from '../report-model.ts'
import {
  comparedWith,
  destinationWords,
  MAX_ROWS,
  minuteOf,
  portWords,
  restWords,
  share,
  sourceWords,
  totalRows,
  verdictWords,
  zoneWords,
} from './words.ts'

/** A report for a terminal. */
export function shadowText(report: ShadowReport): string {
  const sections = [
    headOf(report),
    totalsOf(report),
    findingsOf(`Would be denied, and passes by ${comparedWith(report)}`, report.changes.denied),
    findingsOf(`Would be allowed, and is denied by ${comparedWith(report)}`, report.changes.allowed),
    unknownOf(report),
    rulesOf(report),
    zonesOf(report),
    coverageOf(report),
    gapsOf(report),
  ]
  return `${sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`
}

type Lines = readonly string[]

function headOf(report: ShadowReport): Lines {
  const { policy, window, verdict, against, evidence } = report
  return [
    `Policy ${visible(policy)}, ${minuteOf(window.since)} to ${minuteOf(window.until)} UTC${against === null ? '' : `, against ${visible(comparedWith(report))}`}`,
    verdictWords[verdict.decision],
    ...verdict.reasons.map(reason => `  * ${reason}`),
    `Evidence: ${counted(evidence.events, 'event')} of ${counted(evidence.flows, 'distinct flow')} on ${counted(evidence.days, 'day')}, first ${minuteOf(evidence.firstSeen)}, last ${minuteOf(evidence.lastSeen)}`,
  ]
}

function totalsOf(report: ShadowReport): Lines {
  const { evidence } = report
  return table(
    ['', 'flows', 'events', 'of all events'],
    totalRows(report).map(([name, { flows, events }]) => [
      name,
      grouped(flows),
      grouped(events),
      share(events, evidence.events),
    ]),
    [1, 2, 3],
  )
}

const findingColumns = ['source', 'destination', 'port', 'zones', 'events', 'first seen', 'last seen', 'sample']

const findingRow = (finding: FlowFinding): Lines => [
  sourceWords(finding),
  destinationWords(finding),
  portWords(finding),
  visible(`${zoneWords(finding.sourceZone)} > ${zoneWords(finding.destinationZone)}`),
  grouped(finding.events),
  minuteOf(finding.firstSeen),
  minuteOf(finding.lastSeen),
  visible(finding.samples[0] ?? ''),
]

function findingsOf(title: string, findings: readonly FlowFinding[]): Lines {
  if (findings.length === 0) return []
  const shown = findings.slice(0, MAX_ROWS)
  return [title, ...table(findingColumns, shown.map(findingRow), [4]), ...rest(findings.length, shown.length)]
}

const rest = (all: number, shown: number): Lines => [restWords(all, shown)].filter(words => words !== '')

function unknownOf({ unknown }: ShadowReport): Lines {
  if (unknown.length === 0) return []
  const rows = unknown.map(({ missing, flows, events, findings }) => [
    missing.join(', '),
    grouped(flows),
    grouped(events),
    visible(findings[0]?.rule ?? ''),
    ...findings.slice(0, 1).flatMap(first => [sourceWords(first), destinationWords(first), portWords(first)]),
  ])
  const columns = ['missing', 'flows', 'events', 'for rule', 'for instance', 'to', 'port']
  return ['Could not be judged, by what is missing', ...table(columns, rows, [1, 2])]
}

function rulesOf({ rules, unusedRules }: ShadowReport): Lines {
  const rows = rules.map(rule => [
    visible(rule.name),
    grouped(rule.flows),
    grouped(rule.events),
    grouped(rule.newlyAllowed.events),
    grouped(rule.unknown.events),
    grouped(rule.sources),
    minuteOf(rule.firstSeen),
    minuteOf(rule.lastSeen),
    rule.isExpired ? 'expired' : '',
  ])
  const columns = ['rule', 'flows', 'events', 'newly allowed', 'unknown', 'sources', 'first seen', 'last seen', '']
  const unused = unusedRules.length === 0 ? [] : [`Rules that match nothing: ${unusedRules.map(visible).join(', ')}`]
  return ['Rules', ...table(columns, rows, [1, 2, 3, 4, 5]), ...unused]
}

function zonesOf({ zones }: ShadowReport): Lines {
  if (zones.length === 0) return []
  const rows = zones.map(({ source, destination, allow, deny, unknown }) => [
    visible(zoneWords(source)),
    visible(zoneWords(destination)),
    ...[allow, deny, unknown].map(grouped),
  ])
  return ['Events by zones', ...table(['from', 'to', 'allow', 'deny', 'unknown'], rows, [2, 3, 4])]
}

/** From no record to the most. */
const SHADES = ['·', '░', '▒', '▓', '█']

function coverageOf({ coverage }: ShadowReport): Lines {
  const { hoursOfWeek, timeZone, emptyHours } = coverage
  const most = Math.max(1, ...hoursOfWeek.flat())
  const shade = (records: number) => SHADES[shadeOf(records, most)] ?? ''
  return [
    `Records by hour of the week (${visible(timeZone)}; ${counted(emptyHours, 'hour')} of 168 without one)`,
    '     00    06    12    18',
    ...hoursOfWeek.map((hours, day) => `${weekdays[day]}  ${hours.map(shade).join('')}`),
  ]
}

/** 0 without a record, 1 to 4 by the share of the most. */
export const shadeOf = (records: number, most: number): number =>
  records === 0 ? 0 : Math.min(4, Math.ceil((4 * records) / most))

const gapsOf = ({ gaps }: ShadowReport): Lines =>
  gaps.length === 0 ? [] : ['Gaps', ...gaps.map(({ sentence }) => `  * ${visible(sentence)}`)]

const MAX_CELL = 44

/** @param numbers positions of columns that are aligned at their right */
function table(head: Lines, rows: readonly Lines[], numbers: readonly number[]): Lines {
  const cut = rows.map(row => row.map(cell => (cell.length > MAX_CELL ? `${cell.slice(0, MAX_CELL - 1)}…` : cell)))
  const widths = head.map((name, column) => Math.max(name.length, ...cut.map(row => row[column]?.length ?? 0)))
  const line = (row: Lines) =>
    `  ${row
      .map((cell, column) =>
        numbers.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()}`
  return [line(head), ...cut.map(line)]
}
