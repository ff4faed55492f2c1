import type { Guard, GuardMode } from '../../core/labels/guards.ts'
import type { Origin } from './record.ts'

/** What a record shows of the guard that wrote it, beside what it claims. Its time is that of the record. */
export interface GuardReport {
  readonly guard: Guard
  readonly origin: Origin
  /** True of a record about a call or a connection of an agent that the guard inspected. */
  readonly inspects: boolean
  readonly version?: string
  readonly mode?: GuardMode
  readonly condition?: GuardCondition
}

/** What a guard says of one of its parts. */
export interface GuardCondition {
  /** A subsystem or a sandbox, by its own name: never shown. Empty for the guard as a whole. */
  readonly part: string
  readonly state: 'ready' | 'degraded' | 'fail_open'
}

const VERSION = /^v?\d{1,5}[\w.+-]{0,48}$/

/** The version of a program, without a leading `v`; undefined for a text that is none. */
export function versionOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || !VERSION.test(value)) return undefined
  return value.startsWith('v') ? value.slice(1) : value
}
