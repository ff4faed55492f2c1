import type { ControlResult, ReportException, Risk } from '../../model/report.ts'
import { dateTime, markup, markupLine, present } from './datatypes.ts'
import { controlProperties, type OscalDocument, property } from './document.ts'
import { controlObservationUuid, isNotAssessed, testUuid } from './observations.ts'

/** Open risks, and those that an owner has accepted until a date. */
export function risksOf(document: OscalDocument): readonly object[] {
  const { report } = document
  const open = report.risks.map((risk, index) => openRisk(document, risk, index))
  const accepted = report.controls
    .filter(({ status }) => status === 'exception')
    .map(control => acceptedRisk(document, control, exceptionOf(document, control)))
  return [...open, ...accepted]
}

/** The risks of a control, as `risksOf` names them. */
export function riskUuids(document: OscalDocument, control: ControlResult): readonly string[] {
  const open = document.report.risks.flatMap((risk, index) =>
    risk.control === control.id ? [openRiskUuid(document, risk, index)] : [],
  )
  return control.status === 'exception' ? [...open, document.uuid('accepted', control.id)] : open
}

const openRiskUuid = ({ uuid }: OscalDocument, { control }: Risk, index: number): string =>
  uuid('risk', String(index), control)

function openRisk(document: OscalDocument, risk: Risk, index: number): object {
  const uuid = openRiskUuid(document, risk, index)
  const control = document.report.controls.find(({ id }) => id === risk.control)
  return present({
    uuid,
    title: markupLine(`${control?.control ?? risk.control} ${risk.title}`),
    description: markup(
      risk.status === 'fail' ? 'The control does not hold.' : 'Whether the control holds is unknown.',
    ),
    statement: markup(risk.statement),
    props: [
      ...(control === undefined ? property('control', risk.control) : controlProperties(control)),
      ...property('severity', risk.severity),
      ...property('control-status', risk.status),
      ...property('since', risk.since),
    ],
    status: 'open',
    origins: document.origins,
    remediations: remediationsOf(document, uuid, risk.remedy),
    'related-observations': control === undefined ? [] : relatedObservations(document, control),
  })
}

function remediationsOf({ uuid }: OscalDocument, risk: string, remedy: string): readonly object[] {
  if (remedy.trim() === '') return []
  const title = 'What to do'
  return [{ uuid: uuid('remediation', risk), lifecycle: 'recommendation', title, description: markup(remedy) }]
}

const exceptionOf = ({ report }: OscalDocument, { id, control }: ControlResult): ReportException | undefined =>
  report.exceptions.find(each => each.state === 'active' && (each.control === id || each.control === control))

function acceptedRisk(document: OscalDocument, control: ControlResult, exception: ReportException | undefined): object {
  return present({
    uuid: document.uuid('accepted', control.id),
    title: markupLine(`${control.control} ${control.title}`),
    description: isNotAssessed(control)
      ? 'Whether the control holds is unknown, and its owner has accepted that until a date.'
      : 'The control does not hold, and its owner has accepted that until a date.',
    statement: markup(exception?.reason ?? control.reason),
    props: [...controlProperties(control), ...property('owner', exception?.owner ?? null)],
    status: 'deviation-approved',
    origins: document.origins,
    deadline: dateTime(exception?.expires ?? null),
    'related-observations': relatedObservations(document, control),
  })
}

function relatedObservations(document: OscalDocument, control: ControlResult): readonly object[] {
  const tests = control.tests.map(test => testUuid(document, control, test))
  const whole = isNotAssessed(control) ? [controlObservationUuid(document, control)] : []
  return [...tests, ...whole].map(uuid => ({ 'observation-uuid': uuid }))
}
