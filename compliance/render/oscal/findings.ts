import type { ControlResult } from '../../model/report.ts'
import { controlId, markup, markupLine, present, token } from './datatypes.ts'
import { controlProperties, type OscalDocument, property } from './document.ts'
import { isNotAssessed, testUuid } from './observations.ts'
import { riskUuids } from './risks.ts'

/** The state of OSCAL, which has two, and why. */
const states = {
  pass: { state: 'satisfied', reason: 'pass' },
  fail: { state: 'not-satisfied', reason: 'fail' },
  exception: { state: 'not-satisfied', reason: 'other', remarks: 'It does not hold, which is accepted until a date.' },
} as const

/** One finding for each objective of each control of which there is evidence. Nothing is found where there is none. */
export function findingsOf(document: OscalDocument): readonly object[] {
  return document.report.controls.flatMap(control => {
    const status = states[control.status as keyof typeof states]
    if (status === undefined || isNotAssessed(control)) return []
    return targetsOf(control).map(target => findingOf(document, control, { ...target, status }))
  })
}

interface Target {
  readonly type: 'objective-id' | 'statement-id'
  readonly 'target-id': string
}

/** A control without objectives is its own statement. */
function targetsOf({ objectives, control }: ControlResult): readonly Target[] {
  if (objectives.length === 0) return [{ type: 'statement-id', 'target-id': `${controlId(control)}_smt` }]
  return objectiveIds([objectives]).map(id => ({ type: 'objective-id', 'target-id': id }))
}

function findingOf(document: OscalDocument, control: ControlResult, target: Target & { status: object }): object {
  return present({
    uuid: document.uuid('finding', control.id, target['target-id']),
    title: markupLine(`${control.control} ${control.title}`),
    description: markup(control.reason),
    props: [
      ...controlProperties(control),
      ...property('pillar', control.pillar),
      ...property('status', control.status),
      ...property('since', control.since),
    ],
    origins: document.origins,
    target,
    'related-observations': control.tests.map(test => ({ 'observation-uuid': testUuid(document, control, test) })),
    'related-risks': riskUuids(document, control).map(uuid => ({ 'risk-uuid': uuid })),
    remarks: control.cannotProve.length === 0 ? undefined : markup(cannotProve(control)),
  })
}

const cannotProve = (control: ControlResult): string =>
  `The evidence cannot prove: ${control.cannotProve.map(each => each.replace(/\.$/, '')).join('; ')}.`

/** What was assessed, by framework. */
export function reviewedControls({ report }: OscalDocument): object {
  const assessed = report.controls.filter(control => !isNotAssessed(control))
  const frameworks = [...new Set(assessed.map(({ framework }) => framework))]
  const objectives = objectiveIds(assessed.map(control => control.objectives))
  return present({
    'control-selections':
      frameworks.length === 0
        ? [nothingAssessed(report.controls)]
        : frameworks.map(framework =>
            present({
              description: markup(`The controls of ${framework} of which there is evidence.`),
              props: property('framework', framework),
              'include-controls': selections(assessed.filter(control => control.framework === framework)),
            }),
          ),
    'control-objective-selections':
      objectives.length === 0
        ? []
        : [{ 'include-objectives': objectives.map(objective => ({ 'objective-id': objective })) }],
  })
}

/** A selection cannot be empty: it is all of the controls without all of them. */
const nothingAssessed = (controls: readonly ControlResult[]): object =>
  present({
    description: 'No control could be assessed: there is no evidence of any.',
    'include-all': {},
    'exclude-controls': selections(controls),
  })

const selections = (controls: readonly ControlResult[]): readonly object[] =>
  [...new Set(controls.map(({ control }) => controlId(control)))].map(id => ({ 'control-id': id }))

const objectiveIds = (lists: readonly (readonly string[])[]): readonly string[] => [...new Set(lists.flat().map(token))]
