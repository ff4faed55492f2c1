import type { EpochMs } from '../../../core/clock.ts'
import { isNestedDeeper, isObject, parseJson, valueAt } from '../../../core/json.ts'
import { type Fields, MAX_LEVELS } from '../../../decoding/toolkit/fields.ts'

/** Values of one output; an inventory has one a device. */
const MAX_VALUES = 10_000

/** Keys in which the programs that are known write the time of a record. */
const times = ['ts', 'time', '@timestamp', 'unixTime'] as const

/** Levels of the list of all records, and of the records in it. */
const MAX_LEVELS_OF_ALL = MAX_LEVELS + 1

/**
 * The JSON values of an output: of one value the elements if it is a list, else the lines if each of them is JSON; the
 * rows of a CSV of devices. Undefined if it is none of these, or is nested more deeply than any record.
 */
export function valuesOf(output: string): readonly unknown[] | undefined {
  const text = output.replace(/^\uFEFF/, '').trim()
  if (isNestedDeeper(text, MAX_LEVELS_OF_ALL)) return undefined
  const whole = parseJson(text)
  if (whole !== undefined) return (Array.isArray(whole) ? whole : [whole]).slice(0, MAX_VALUES)
  const lines = text.split('\n', MAX_VALUES).filter(line => line.trim() !== '')
  const values = lines.map(parseJson)
  return lines.length === 0 || values.includes(undefined) ? rowsOf(lines) : values
}

/** A header of plain names, one of which is `device`. */
const HEADER = /^[\w.-]{1,64}(?:,[\w.-]{1,64}){0,31}\r?$/
/** A field at the beginning of a line, and what ends it: with quotes, in which two are one, or without. */
const FIELD = /^(?:"((?:[^"]|""){0,4096})"|([^",]{0,4096}))(,|$)/

/** The rows of a CSV whose header names a `device`; a field has no line break. */
function rowsOf([header = '', ...lines]: readonly string[]): readonly unknown[] | undefined {
  const names = HEADER.test(header) ? header.trim().split(',') : []
  if (!names.includes('device')) return undefined
  const rows = lines.map(line => fieldsOf(line.trimEnd(), names.length))
  if (rows.includes(undefined)) return undefined
  return rows.map(fields => Object.fromEntries(names.flatMap((name, at) => (fields?.[at] ? [[name, fields[at]]] : []))))
}

/** @param most fields of the header: a line with more is no row of it */
function fieldsOf(line: string, most: number): readonly string[] | undefined {
  const fields: string[] = []
  for (let rest = line; ; ) {
    const found = FIELD.exec(rest)
    if (found === null || fields.length === most) return undefined
    const [whole, quoted, plain = '', end] = found
    fields.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end !== ',') return fields
    rest = rest.slice(whole.length)
  }
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
