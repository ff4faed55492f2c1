import { isObject } from '../../../core/json.ts'
import type { Fields } from '../../../decoding/toolkit/fields.ts'

/** Levels of lists and maps in a value. OpenClaw's attributes have none. */
const MAX_DEPTH = 16

/** 64 bits as the generated decoder gives them. */
interface Long {
  readonly high: number
  readonly low: number
  toNumber(): number
  toString(): string
}

/**
 * The plain value of an AnyValue (opentelemetry-proto, common/v1/common.proto), of either encoding. An integer beyond
 * 2^53 is a text of its digits, bytes are base64.
 *
 * @throws TypeError where it is none, or is nested too deeply
 */
export function plainValue(value: unknown, depth = 0): unknown {
  if (value === undefined || value === null) return undefined
  if (!isObject(value)) throw new TypeError('a value is no AnyValue')
  if (depth > MAX_DEPTH) throw new TypeError('a value is nested too deeply')
  const { stringValue, intValue, boolValue, doubleValue, arrayValue, kvlistValue, bytesValue } = value
  if (isPresent(stringValue)) return checked(stringValue, 'string')
  if (isPresent(intValue)) return integer(intValue)
  if (isPresent(boolValue)) return checked(boolValue, 'boolean')
  if (isPresent(doubleValue)) return double(doubleValue)
  if (isPresent(arrayValue)) return listIn(arrayValue).map(item => plainValue(item, depth + 1))
  if (isPresent(kvlistValue)) return plainAttributes(listIn(kvlistValue), depth + 1)
  if (isPresent(bytesValue)) return typeof bytesValue === 'string' ? bytesValue : base64(bytesValue)
  return undefined
}

/** A list of KeyValue as one object. Of a key that is there twice, which OTLP forbids, the first one counts. */
export function plainAttributes(list: unknown, depth = 0): Fields {
  const attributes: Record<string, unknown> = {}
  if (!isPresent(list)) return attributes
  if (!Array.isArray(list)) throw new TypeError('attributes are no list')
  for (const entry of list) {
    if (!isObject(entry) || !isPresent(entry.key ?? '')) throw new TypeError('an attribute has no key')
    const key = checked(entry.key ?? '', 'string') as string
    // An assignment to this key would replace the prototype.
    if (key !== '__proto__' && !Object.hasOwn(attributes, key)) attributes[key] = plainValue(entry.value, depth)
  }
  return attributes
}

/** Milliseconds of a time in nanoseconds; undefined where it is 0, which says that it is not known. */
export function milliseconds(nanoseconds: unknown): number | undefined {
  const value = isLong(nanoseconds) ? bitsOf(nanoseconds) : digitsOf(nanoseconds)
  return value === 0n ? undefined : Number(value / 1_000_000n)
}

/** The hexadecimal text of an id of a trace or span; undefined where there is none. */
export function hexadecimal(id: unknown): string | undefined {
  if (!isPresent(id) || id === '') return undefined
  // JSON writes it in either case.
  if (typeof id === 'string') return id.toLowerCase()
  if (!(id instanceof Uint8Array)) throw new TypeError('an id is no bytes')
  return id.length === 0 ? undefined : Buffer.from(id).toString('hex')
}

/** The text of a field that may be left out. */
export function textIn(value: unknown): string | undefined {
  return isPresent(value) && value !== '' ? (checked(value, 'string') as string) : undefined
}

/** The number of an enumeration that may be left out. */
export function numberIn(value: unknown): number {
  return isPresent(value) ? (checked(value, 'number') as number) : 0
}

const isPresent = (value: unknown): boolean => value !== undefined && value !== null

const checked = (value: unknown, type: 'string' | 'boolean' | 'number'): unknown => {
  if (typeof value === type) return value
  throw new TypeError(`a value is no ${type}`)
}

const isLong = (value: unknown): value is Long =>
  typeof value === 'object' && value !== null && 'high' in value && 'low' in value

const bitsOf = ({ high, low }: Long): bigint => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)

const DIGITS = /^\d{1,20}$/

function digitsOf(value: unknown): bigint {
  if (!isPresent(value)) return 0n
  if (typeof value === 'string' && DIGITS.test(value)) return BigInt(value)
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return BigInt(value)
  throw new TypeError('a time is no number of nanoseconds')
}

const INTEGER = /^-?\d{1,19}$/

function integer(value: unknown): unknown {
  const number = isLong(value) ? value.toNumber() : Number(value)
  if (Number.isSafeInteger(number)) return number
  if (isLong(value)) return value.toString()
  if (typeof value === 'string' && INTEGER.test(value)) return value
  throw new TypeError('a value is no integer')
}

/** JSON has no number for these: the JSON encoding of Protocol Buffers writes them as text. */
const NOT_FINITE: ReadonlySet<unknown> = new Set(['NaN', 'Infinity', '-Infinity'])

function double(value: unknown): unknown {
  return NOT_FINITE.has(value) ? value : checked(value, 'number')
}

function listIn(value: unknown): readonly unknown[] {
  if (!isObject(value)) throw new TypeError('a value is no list')
  const { values = [] } = value
  if (!Array.isArray(values)) throw new TypeError('a value is no list')
  return values
}

function base64(value: unknown): string {
  if (!(value instanceof Uint8Array)) throw new TypeError('a value is no bytes')
  return Buffer.from(value).toString('base64')
}
