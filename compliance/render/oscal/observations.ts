import type { ControlResult, StoreStatus, TestResult } from '../../model/report.ts'
import { dateTime, markup, markupLine, present, stringOf } from './datatypes.ts'
import { controlProperties, type OscalDocument, type Property, property, reference } from './document.ts'

/**
 * What was observed: each test of a control, and what was not: OSCAL has no state for that, so it is an observation with
 * the method UNKNOWN and the property `coverage-gap`.
 */
export function observationsOf(document: OscalDocument): readonly object[] {
  const { report } = document
  return [
    ...report.controls.flatMap(control => control.tests.map(test => testObservation(document, control, test))),
    ...report.controls.filter(isNotAssessed).map(control => controlObservation(document, control)),
    ...report.coverage.gaps.map((gap, index) => {
      const what = `Coverage gap: ${gap.of}, from ${gap.start} to ${gap.end}`
      const props = [...property('from', gap.start), ...property('to', gap.end)]
      return notObserved(document, ['gap', String(index)], { what, of: gap.of, reason: gap.reason, props })
    }),
    ...report.coverage.sources
      .filter(({ state }) => state === 'never')
      .map(({ name, observer }, index) => {
        const reason = 'It reported nothing in the period.'
        const props = property('observer', observer)
        return notObserved(document, ['source', String(index)], {
          what: `Never seen: ${name}`,
          of: name,
          reason,
          props,
        })
      }),
    ...report.stores
      .filter(({ state }) => state !== 'read')
      .map((store, index) => storeObservation(document, store, index)),
  ]
}

/** Controls about which no finding can be made; also one whose exception covers that nothing is known. */
export const isNotAssessed = ({ status, tests }: ControlResult): boolean =>
  status === 'unknown' ||
  status === 'manual' ||
  (status === 'exception' && tests.every(({ outcome }) => outcome !== 'fail'))

export const testUuid = ({ uuid }: OscalDocument, control: ControlResult, test: TestResult): string =>
  uuid('test', control.id, test.id)

export const controlObservationUuid = ({ uuid }: OscalDocument, control: ControlResult): string =>
  uuid('not-assessed', control.id)

function testObservation(document: OscalDocument, control: ControlResult, test: TestResult): object {
  const { collected, origins } = document
  const isKnown = test.outcome !== 'unknown'
  return present({
    uuid: testUuid(document, control, test),
    title: markupLine(`${control.control}: ${test.title}`),
    description: markup(test.reason),
    props: [
      ...controlProperties(control),
      ...property('test', test.id),
      ...property('outcome', test.outcome),
      ...property('value', test.value),
      ...property('unit', test.unit),
      ...property('expected', test.expected),
      ...property('parameter', test.parameter),
      ...test.telemetry.flatMap(({ observer, share }) => property('telemetry', `${observer} ${share ?? 'unknown'}`)),
      ...(isKnown ? [] : property('coverage-gap', stringOf(test.reason) ?? 'unnamed')),
    ],
    methods: [isKnown ? 'TEST' : 'UNKNOWN'],
    types: ['control-objective'],
    origins,
    'relevant-evidence': evidenceOf(document, test.evidence),
    collected,
    expires: expiryOf(test),
  })
}

function evidenceOf({ report, uuid }: OscalDocument, id: string): readonly object[] {
  const piece = report.evidence.find(each => each.id === id)
  if (piece === undefined) return []
  return [{ href: reference(uuid('evidence', id)), description: markup(piece.title) }]
}

/** When the newest datum will be too old for the test. */
function expiryOf({ newest, freshness }: TestResult): string | undefined {
  if (newest === null || freshness === null) return undefined
  const end = new Date(Date.parse(newest) + freshness)
  return Number.isNaN(end.getTime()) ? undefined : dateTime(end.toISOString())
}

function controlObservation(document: OscalDocument, control: ControlResult): object {
  const { collected, origins } = document
  const isManual = control.status === 'manual'
  return present({
    uuid: controlObservationUuid(document, control),
    title: markupLine(`${control.control} ${control.title}: ${isManual ? 'to be examined by a person' : 'not known'}`),
    description: markup(isManual ? `${control.reason} ${control.manual}` : control.reason),
    props: [
      ...controlProperties(control),
      ...property('pillar', control.pillar),
      ...property('status', control.status),
      ...property('since', control.since),
      ...(isManual ? [] : property('coverage-gap', stringOf(control.reason) ?? 'unnamed')),
    ],
    methods: ['UNKNOWN'],
    types: ['control-objective'],
    origins,
    collected,
  })
}

const storeStates = {
  partial: 'could be read in part only',
  unreachable: 'could not be read',
  absent: 'is not configured',
  not_asked: 'was not asked',
} as const satisfies Record<Exclude<StoreStatus['state'], 'read'>, string>

function storeObservation(
  document: OscalDocument,
  { store, address, state, detail }: StoreStatus,
  index: number,
): object {
  const what = `The store ${store} ${state === 'read' ? '' : storeStates[state]}`
  const props = [...property('address', address), ...property('state', state)]
  return notObserved(document, ['store', String(index)], { what, of: store, reason: detail, props })
}

interface NotObserved {
  readonly what: string
  readonly of: string
  readonly reason: string
  readonly props: readonly Property[]
}

function notObserved(
  { uuid, collected, origins }: OscalDocument,
  names: readonly string[],
  { what, of, reason, props }: NotObserved,
): object {
  return {
    uuid: uuid('not-observed', ...names),
    title: markupLine(what),
    description: markup(`${what}. ${reason}`),
    props: [...property('coverage-gap', stringOf(of) ?? 'unnamed'), ...props],
    methods: ['UNKNOWN'],
    types: ['discovery'],
    origins,
    collected,
  }
}
