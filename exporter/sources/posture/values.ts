import type { EpochMs } from '../../../core/clock.ts'
import { isObject, parseJson, valueAt } from '../../../core/json.ts'
import type { Fields } from '../../../decoding/toolkit/fields.ts'

/** Values of one output; an inventory has one a device. */
const MAX_VALUES = 10_000

/** Keys in which the programs that are known write the time of a record. */
const times = ['ts', 'time', '@timestamp', 'unixTime'] as const

/**
 * The JSON values of an output: of one value the elements if it is a list, else the lines if each of them is JSON.
 * Undefined if it is neither.
 */
export function valuesOf(output: string): readonly unknown[] | undefined {
  const text = output.replace(/^\uFEFF/, '').trim()
  const whole = parseJson(text)
  if (whole !== undefined) return (Array.isArray(whole) ? whole : [whole]).slice(0, MAX_VALUES)
  const lines = text.split('\n', MAX_VALUES).filter(line => line.trim() !== '')
  const values = lines.map(parseJson)
  return lines.length === 0 || values.includes(undefined) ? undefined : values
}

/** A value as the body of a record. One without a time of its own has that of the output. */
export function bodyOf(value: unknown, time: EpochMs): string | Fields {
  if (!isObject(value)) return JSON.stringify(value)
  return times.some(key => key in value) ? value : { ...value, '@timestamp': new Date(time).toISOString() }
}

/** What a command that failed says so in JSON, as OpenClaw's do: `{"ok":false,"error":{"message":"…"}}`. */
export function reportedError(values: readonly unknown[]): string | undefined {
  const [value] = values
  if (values.length !== 1 || !isObject(value) || value.ok !== false || !isObject(value.error)) return undefined
  const words = valueAt(value, 'error', 'message')
  return typeof words === 'string' ? words : 'no message'
}
