import { controlStatuses } from '../../core/labels/compliance.ts'
import { visible } from '../../service/page/visible.ts'
import { counted } from '../../service/page/words.ts'
import { countsOf } from '../model/build.ts'
import type { Report } from '../model/report.ts'

/** The placeholders of templates about a report. */
export interface ReportFacts {
  readonly report: string
  readonly title: string
  readonly period: string
  /** One sentence: what the report says. */
  readonly summary: string
  /** How many controls have each status. */
  readonly statuses: string
  /** What to do first; a sentence also where there is nothing to do. */
  readonly first: string
  readonly changes: string
  readonly coverage: string
  /** The counts by status as JSON, for machines. */
  readonly counts: string
  /** SHA-256 of the manifest. */
  readonly manifest: string
}

/** What is said of a report where it is not attached. Pure. */
export function reportFacts(report: Report, manifest: string): ReportFacts {
  const counts = countsOf(report.controls)
  const statuses = controlStatuses.map(status => `${counts[status]} ${status}`).join(', ')
  const { newlyFailing, fixed, newlyUnknown } = report.changes
  const [risk] = report.risks
  const synthetic = report.synthetic ? 'SYNTHETIC DATA: ' : ''
  return {
    report: report.id,
    title: `${synthetic}${report.title}`,
    period: report.period.name,
    summary: `${synthetic}${report.title}, ${report.period.name}: ${statuses}`,
    statuses,
    first:
      risk === undefined
        ? 'No control fails, and none is unknown.'
        : `First: ${risk.control}, ${risk.title} (${risk.status}): ${risk.remedy || risk.statement}`,
    changes:
      report.previous === null
        ? 'the first report'
        : `since ${report.previous.period}: ${newlyFailing.length} newly failing, ${fixed.length} fixed, ${newlyUnknown.length} newly unknown`,
    coverage: coverageWords(report),
    counts: JSON.stringify(counts),
    manifest,
  }
}

function coverageWords({ coverage }: Report): string {
  const { share, sources, gaps } = coverage
  const covered = share === null ? 'coverage unknown' : `coverage ${Math.floor(share * 1000) / 10} %`
  return `${covered}, ${counted(sources.length, 'source')}, ${counted(gaps.length, 'gap')}`
}

/**
 * A message in plain text, for people who read mail. What is not ours in it is visible on one line.
 *
 * @param missing files that were to be attached, and that the report does not have
 */
export function reportText(
  report: Report,
  manifest: string,
  missing: readonly string[] = [],
): { readonly subject: string; readonly text: string } {
  const facts = reportFacts(report, manifest)
  const risks = report.risks.slice(0, 5).map(({ control, title, status, since, remedy, statement }) => {
    return visible(`* ${control}, ${title}: ${status} since ${since}. ${remedy || statement}`)
  })
  const stores = report.stores.filter(({ state }) => state === 'unreachable' || state === 'partial')
  return {
    subject: `${facts.title}, ${facts.period}: ${facts.statuses}`,
    text: [
      `${facts.title}, ${facts.period} (${report.period.start} to ${report.period.end}, ${report.period.timeZone})`,
      `Controls: ${facts.statuses}.`,
      `Coverage: ${facts.coverage}.`,
      `Changes: ${facts.changes}.`,
      ...stores.map(({ store, detail }) => visible(`Not everything of ${store} could be read: ${detail}.`)),
      risks.length === 0 ? visible(facts.first) : `What to do first:\n${risks.join('\n')}`,
      ...(missing.length === 0 ? [] : [`Not attached, because the report does not have it: ${missing.join(', ')}.`]),
      `Report ${report.id}, manifest SHA-256 ${manifest}. Unknown is never a pass.`,
    ].join('\n\n'),
  }
}
