import { Fault } from '../../../core/errors.ts'
import { uuidOf } from '../../model/digest.ts'
import type { ControlResult, Report } from '../../model/report.ts'
import { dateTime, markupLine, present, stringOf } from './datatypes.ts'

/** Namespace of the names of our properties. */
const NAMESPACE = 'urn:clawtrust:oscal'

export interface Property {
  readonly name: string
  readonly ns: string
  readonly value: string
}

/** What each part of the document needs besides what it describes. */
export interface OscalDocument {
  readonly report: Report
  /** UUID version 5 of a part of the report: the same part of the same report has the same one. */
  uuid(...names: readonly string[]): string
  /** When the report was made. */
  readonly collected: string
  /** Who observed: clawtrust, as a component of the document. */
  readonly origins: readonly unknown[]
}

export function documentOf(report: Report): OscalDocument {
  const uuid = (...names: readonly string[]): string => uuidOf(JSON.stringify([report.id, ...names]))
  return {
    report,
    uuid,
    collected: requiredTime('generatedAt', report.generatedAt),
    origins: [{ actors: [{ type: 'tool', 'actor-uuid': uuid('component') }] }],
  }
}

/** One property, or none where there is nothing to say: a value is never empty. */
export function property(name: string, value: string | number | boolean | null): readonly Property[] {
  const text = value === null ? undefined : stringOf(String(value))
  return text === undefined ? [] : [{ name, ns: NAMESPACE, value: text }]
}

/** @throws Fault where OSCAL cannot hold the time */
export function requiredTime(name: string, text: string): string {
  const time = dateTime(text)
  if (time === undefined) throw new Fault(`${name} of the report is not a time from the year 2000 on`)
  return time
}

/** Which control, for people and programs. */
export const controlProperties = ({ framework, control }: ControlResult): readonly Property[] => [
  ...property('framework', framework),
  ...property('control', control),
]

export const reference = (uuid: string): string => `#${uuid}`

/** The tool that made the observations, which `origins` names. */
export function localDefinitions({ report, uuid }: OscalDocument) {
  const component = {
    uuid: uuid('component'),
    type: 'software',
    title: report.generator.name,
    description: 'Reads the evidence, compares it with thresholds and makes this document.',
    props: property('version', report.generator.version),
    status: { state: 'operational' },
  }
  return {
    'assessment-assets': {
      components: [present(component)],
      'assessment-platforms': [
        {
          uuid: uuid('platform'),
          title: markupLine(report.generator.name),
          'uses-components': [{ 'component-uuid': component.uuid }],
        },
      ],
    },
  }
}
