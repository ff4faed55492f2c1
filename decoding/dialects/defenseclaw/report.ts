import type { GuardMode } from '../../../core/labels/guards.ts'
import { type GuardCondition, type GuardReport, versionOf } from '../../toolkit/guard-report.ts'
import { templateOfFields } from '../../toolkit/log-template.ts'
import type { Origin } from '../../toolkit/record.ts'
import { reasonsOfFormat, type WatchedVersions } from '../../toolkit/version-report.ts'

/** A record names no machine: its gateway is that of its source or of its document. */
export const ORIGIN: Origin = { service: 'defenseclaw', subsystem: 'guard/defenseclaw' }

/** `action` is the name of the mode `enforce` in older versions. */
const modes = new Map<unknown, GuardMode>([
  ['enforce', 'enforce'],
  ['action', 'enforce'],
  ['observe', 'observe'],
])

interface Reported {
  readonly inspects: boolean
  readonly version: unknown
  readonly mode: unknown
  readonly condition?: GuardCondition | undefined
}

export function reportOf({ inspects, version: text, mode: word, condition }: Reported): GuardReport {
  const version = versionOf(text)
  const mode = modes.get(word)
  return {
    guard: 'defenseclaw',
    origin: ORIGIN,
    inspects,
    ...(version !== undefined && { version }),
    ...(mode !== undefined && { mode }),
    ...(condition !== undefined && { condition }),
  }
}

/** @param kinds fields in which DefenseClaw says what kind of record it is */
export const versionsByFields = (kinds: readonly string[]): WatchedVersions => ({
  product: 'defenseclaw',
  report: (record, decoding) =>
    decoding.kind === 'undecoded' && reasonsOfFormat.has(decoding.reason)
      ? { origin: ORIGIN, template: templateOfFields(record, kinds) }
      : undefined,
})
