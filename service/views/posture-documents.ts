import type { DatabaseSync } from 'node:sqlite'
import { isObject, parseJson } from '../../core/json.ts'
import { isTime } from '../sqlite/sound-number.ts'
import { damagedRow, documentsOf } from './state-documents.ts'
import type {
  AcceptanceDocument,
  DeviceDocument,
  FindingDocument,
  PostureDocument,
  StatePosture,
} from './state-view.ts'

/** What the state holds of the posture of gateways and devices; each row is checked. */
export function readPosture(database: DatabaseSync): StatePosture {
  const acceptances = documentsOf(database, 'posture-acceptances').find(({ name }) => name === '')?.value ?? []
  return {
    subjects: documentsOf(database, 'posture/').map(({ name, value }) => {
      const key = parseJson(name)
      const snapshots = listOf(value, isSnapshot)
      if (!Array.isArray(key)) throw damagedRow('documents')
      const cut = snapshots.map(({ producer, time, findings }) => ({
        producer,
        time,
        findings: findings.map(findingOf),
      }))
      return { gateway: String(key[0]), trustZone: String(key[1]), snapshots: cut }
    }),
    acceptances: listOf(acceptances, isAcceptance),
    devices: documentsOf(database, 'devices/').map(({ value }) => {
      if (!isDevice(value)) throw damagedRow('documents')
      const { gateway, trustZone, device, posture, seen } = value
      return { gateway, trustZone, device, posture, seen }
    }),
  }
}

function listOf<T>(value: unknown, holds: (one: unknown) => one is T): readonly T[] {
  if (!Array.isArray(value) || !value.every(holds)) throw damagedRow('documents')
  return value
}

const findingOf = ({ check, target, severity }: FindingDocument): FindingDocument => ({ check, target, severity })

const areTexts = (...values: readonly unknown[]): boolean => values.every(value => typeof value === 'string')
const areTimes = (...values: readonly unknown[]): boolean => values.every(isTime)

const isFinding = (value: unknown): value is FindingDocument =>
  isObject(value) && areTexts(value.check, value.target, value.severity)

const isSnapshot = (value: unknown): value is PostureDocument['snapshots'][number] =>
  isObject(value) &&
  areTexts(value.producer) &&
  areTimes(value.time) &&
  Array.isArray(value.findings) &&
  value.findings.every(isFinding)

const isAcceptance = (value: unknown): value is AcceptanceDocument =>
  isObject(value) &&
  areTexts(value.check, value.who, value.why, value.target ?? '', value.gateway ?? '') &&
  areTimes(value.accepted, value.until) &&
  (value.ended === undefined || (isObject(value.ended) && areTimes(value.ended.at)))

const isDevice = (value: unknown): value is DeviceDocument =>
  isObject(value) && areTexts(value.gateway, value.trustZone, value.device, value.posture) && areTimes(value.seen)
