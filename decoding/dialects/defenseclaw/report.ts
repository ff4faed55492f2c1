import type { GuardMode } from '../../../core/labels/guards.ts'
import { type GuardCondition, type GuardReport, versionOf } from '../../toolkit/guard-report.ts'
import type { Origin } from '../../toolkit/record.ts'

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
