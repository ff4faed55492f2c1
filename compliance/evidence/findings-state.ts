import { isAccepted, isInForce } from '../../core/acceptance.ts'
import type { EpochMs } from '../../core/clock.ts'
import { severities } from '../../core/labels/event.ts'
import { type PostureProducer, postureProducers } from '../../core/labels/posture.ts'
import { isValidAt, openFindings } from '../../decoding/toolkit/posture.ts'
import type { Json } from '../../service/state/state.ts'
import type {
  AcceptanceDocument,
  DeviceDocument,
  PostureDocument,
  StatePosture,
  StateView,
} from '../../service/views/state-view.ts'
import { type FindingsQuestion, isAsked } from './findings-request.ts'
import type { Period } from './period.ts'
import type { Gap, Reading } from './reading.ts'
import { unread } from './unread.ts'

/**
 * From the newest posture that the state holds. It is that of the end of the period where it is not much newer: a state
 * that is read days later says nothing of that time.
 */
export function findingsOfState(question: FindingsQuestion, state: StateView, period: Period): Reading {
  const posture = state.posture()
  const isOfDevices = question.measure.startsWith('devices_')
  const query = { documents: isOfDevices ? ['devices/'] : ['posture/', 'posture-acceptances'], at: iso(question.at) }
  const base = { store: 'state', address: state.path, query } as const
  const times = isOfDevices ? posture.devices.map(({ seen }) => seen) : timesOf(posture.subjects)
  const newest = times.length === 0 ? null : Math.max(...times)
  if (newest === null) return unread({ ...base, of: 'posture', reason: 'the state holds none' }, period)
  if (newest > question.at + question.maxAge) {
    const reason = `the state holds that of ${iso(newest)}, and no longer that of the end of the period`
    return unread({ ...base, of: 'posture', reason }, period)
  }
  return { ...base, newest, ...(isOfDevices ? devicesOf(question, posture) : findingsOf(question, posture, period)) }
}

/** A report is no database: the others are counted. */
const MOST_LISTED = 100

type Measured = Omit<Reading, 'store' | 'address' | 'query' | 'newest'>

const timesOf = (subjects: readonly PostureDocument[]): readonly EpochMs[] =>
  subjects.flatMap(({ snapshots }) => snapshots.map(({ time }) => time))

function findingsOf(question: FindingsQuestion, posture: StatePosture, period: Period): Measured {
  const subjects = posture.subjects.map(subject => judged(question, subject, posture.acceptances))
  const invalid = subjects.flatMap(subject => subject.invalid)
  const gaps = invalid.map(({ gateway, producer, time }): Gap => {
    // What is open is asked of one moment: a source that says nothing of it is missing, however short its gap is.
    const reason = `its newest snapshot, of ${time}, is too old to say what is open at the end`
    return { of: `posture of ${gateway} by ${producer}`, start: period.start, end: period.end, reason }
  })
  if (question.measure === 'snapshots_invalid') {
    return {
      result: { total: invalid.length, invalid: invalid.slice(0, MOST_LISTED) },
      count: timesOf(posture.subjects).length,
      value: invalid.length,
    }
  }
  const isKnown = subjects.some(({ isValid }) => isValid)
  const all = subjects.flatMap(subject => subject.findings)
  const counted = all.filter(({ accepted }) => (accepted === null) === (question.measure === 'open')).sort(bySeverity)
  return {
    result: {
      total: counted.length,
      severities: severityCounts(counted),
      findings: counted.slice(0, MOST_LISTED),
      invalid: invalid.slice(0, MOST_LISTED),
    },
    count: counted.length,
    value: isKnown ? counted.length : null,
    byZone: countsBy(counted, ({ trust_zone: zone }) => zone),
    samples: counted.slice(0, 5).map(({ gateway, check, target }) => [gateway, check, target].join(' ').trim()),
    gaps,
  }
}

interface JudgedFinding {
  readonly gateway: string
  readonly trust_zone: string
  readonly check: string
  readonly target: string
  readonly severity: Severity
  /** Time of the newest snapshot that has it. */
  readonly reported: string
  readonly accepted: { readonly owner: string; readonly reason: string; readonly until: string } | null
}

interface JudgedSubject {
  readonly isValid: boolean
  readonly findings: readonly (JudgedFinding & { readonly [key: string]: Json })[]
  readonly invalid: readonly InvalidSnapshot[]
}

interface InvalidSnapshot {
  readonly gateway: string
  readonly trust_zone: string
  readonly producer: string
  readonly time: string
  readonly [key: string]: Json
}

function judged(
  question: FindingsQuestion,
  { gateway, trustZone, snapshots }: PostureDocument,
  acceptances: readonly AcceptanceDocument[],
): JudgedSubject {
  const { at, maxAge } = question
  const known = snapshots.filter(isOfProducer)
  const valid = known.filter(snapshot => isValidAt(snapshot, at, maxAge))
  const invalid = known.filter(snapshot => !valid.includes(snapshot))
  const timed = valid.map(({ time, findings }) => ({ findings: findings.map(finding => ({ ...finding, time })) }))
  const open = [...openFindings(timed as { findings: readonly TimedFinding[] }[]).values()].filter(one =>
    isAsked(question, one),
  )
  return {
    isValid: valid.length > 0,
    findings: open.map(({ check, target, severity, time }) => ({
      gateway,
      trust_zone: trustZone,
      check,
      target,
      severity,
      reported: iso(time),
      accepted: acceptanceOf(acceptances, gateway, { check, target }, at),
    })),
    invalid: invalid.map(({ producer, time }) => ({ gateway, trust_zone: trustZone, producer, time: iso(time) })),
  }
}

type Severity = (typeof severities)[number]
interface TimedFinding {
  readonly check: string
  readonly target: string
  readonly severity: Severity
  readonly time: EpochMs
}

const isOfProducer = (
  snapshot: PostureDocument['snapshots'][number],
): snapshot is PostureDocument['snapshots'][number] & { readonly producer: PostureProducer } =>
  postureProducers.some(producer => producer === snapshot.producer)

/** The newest in force at this time; one that was given later is of a later time. */
function acceptanceOf(
  acceptances: readonly AcceptanceDocument[],
  gateway: string,
  finding: { readonly check: string; readonly target: string },
  at: EpochMs,
): JudgedFinding['accepted'] {
  const found = acceptances.findLast(
    one => one.accepted < at && isInForce(one, at) && isAccepted(one, gateway, finding),
  )
  return found === undefined ? null : { owner: found.who, reason: found.why, until: iso(found.until) }
}

const severityCounts = (counted: readonly JudgedFinding[]): Readonly<Record<string, number>> =>
  countsBy(counted, ({ severity }) => severity)

/** The most severe first. */
const bySeverity = (one: JudgedFinding, other: JudgedFinding): number =>
  rankOf(other) - rankOf(one) ||
  compareTexts(one.gateway, other.gateway) ||
  compareTexts(one.check, other.check) ||
  compareTexts(one.target, other.target)

const rankOf = ({ severity }: JudgedFinding): number => severities.indexOf(severity)

function devicesOf({ measure, at, maxAge }: FindingsQuestion, { devices }: StatePosture): Measured {
  const wanted = measure.replace('devices_', '')
  const counted = devices
    .filter(device => postureAt(device, at, maxAge) === wanted)
    .sort((one, other) => compareTexts(one.gateway, other.gateway) || compareTexts(one.device, other.device))
  return {
    result: {
      devices: devices.length,
      total: counted.length,
      [wanted]: counted.slice(0, MOST_LISTED).map(({ gateway, trustZone, device, seen }) => {
        return { gateway, trust_zone: trustZone, device, seen: iso(seen) }
      }),
    },
    count: devices.length,
    value: counted.length,
    byZone: countsBy(counted, ({ trustZone }) => trustZone),
    samples: counted.slice(0, 5).map(({ device }) => device),
  }
}

const postureAt = ({ posture, seen }: DeviceDocument, at: EpochMs, maxAge: number): string =>
  at - seen > maxAge ? 'unknown' : posture

function countsBy<T>(items: readonly T[], key: (item: T) => string): Readonly<Record<string, number>> {
  const groups = Map.groupBy(items, key)
  return Object.fromEntries([...groups].map(([name, members]) => [name, members.length] as const).sort(byName))
}

const byName = ([one]: readonly [string, number], [other]: readonly [string, number]): number =>
  compareTexts(one, other)

/** By code units: a locale would make another order elsewhere. */
const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

const iso = (time: EpochMs): string => new Date(time).toISOString()
