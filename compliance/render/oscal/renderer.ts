import type { Report } from '../../model/report.ts'
import type { Renderer } from '../contract/renderer.ts'
import { prettyJson } from '../data/json.ts'
import { markup, markupLine, present, stringOf } from './datatypes.ts'
import { documentOf, localDefinitions, type OscalDocument, property, reference, requiredTime } from './document.ts'
import { findingsOf, reviewedControls } from './findings.ts'
import { observationsOf } from './observations.ts'
import { planUuid, resourcesOf } from './resources.ts'
import { risksOf } from './risks.ts'

/** Released on 2026-03-05. */
const OSCAL_VERSION = '1.2.1'

export const oscalRenderer: Renderer = {
  format: 'oscal',
  file: 'oscal-assessment-results.json',
  mediaType: 'application/json',
  summary: `assessment results of OSCAL ${OSCAL_VERSION}, for governance tools`,
  render: report => Buffer.from(prettyJson(assessmentResults(report))),
}

/** OSCAL's assessment results of one report. */
export function assessmentResults(report: Report): object {
  const document = documentOf(report)
  return {
    'assessment-results': {
      uuid: report.id,
      metadata: metadataOf(document),
      'import-ap': { href: reference(planUuid(document)) },
      results: [resultOf(document)],
      'back-matter': { resources: resourcesOf(document) },
    },
  }
}

function metadataOf({ report, uuid, collected }: OscalDocument): object {
  const organisation = stringOf(report.organisation)
  return present({
    title: markupLine(report.title),
    published: collected,
    'last-modified': collected,
    version: stringOf(report.period.name) ?? report.id,
    'oscal-version': OSCAL_VERSION,
    props: [
      ...property('period', report.period.name),
      ...property('time-zone', report.period.timeZone),
      ...property('synthetic', report.synthetic),
      ...property('redacted', report.redacted),
      ...property('previous-report', report.previous?.id ?? null),
    ],
    parties:
      organisation === undefined ? [] : [{ uuid: uuid('organisation'), type: 'organization', name: organisation }],
    remarks: report.synthetic ? 'Synthetic: this is the demo, about no real system.' : undefined,
  })
}

function resultOf(document: OscalDocument): object {
  const { report } = document
  return present({
    uuid: document.uuid('result'),
    title: markupLine(`${report.title}, ${report.period.name}`),
    description: markup(
      `What the evidence of the period ${report.period.name} (${report.period.timeZone}) shows. ` +
        'A control without fresh evidence has no finding but an observation with the method UNKNOWN.',
    ),
    start: requiredTime('period.start', report.period.start),
    end: requiredTime('period.end', report.period.end),
    props: property('coverage', report.coverage.share),
    'local-definitions': localDefinitions(document),
    'reviewed-controls': reviewedControls(document),
    'assessment-log': { entries: logOf(document) },
    observations: observationsOf(document),
    risks: risksOf(document),
    findings: findingsOf(document),
  })
}

function logOf({ report, uuid, collected }: OscalDocument): readonly object[] {
  return [
    {
      uuid: uuid('log', 'period'),
      title: 'Period of the evidence',
      start: requiredTime('period.start', report.period.start),
      end: requiredTime('period.end', report.period.end),
    },
    {
      uuid: uuid('log', 'report'),
      title: 'Report made',
      description: markup(`${report.evidence.length} pieces of evidence, ${report.controls.length} controls.`),
      start: collected,
    },
  ]
}
