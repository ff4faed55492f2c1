import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { hasMoreTokens, isNestedDeeper, parseJson, valueAt } from '../../core/json.ts'
import { codePoint } from '../code-point.ts'

it('a text that is not JSON gives undefined, and JSON gives its value', () => {
  expect(['{', '', 'undefined', 'NaN'].map(parseJson)).toEqual([undefined, undefined, undefined, undefined])
  expect(['null', '0', '{"a":[1]}'].map(parseJson)).toEqual([null, 0, { a: [1] }])
})

it('a text that begins with a date is not JSON, whatever follows: it is not even parsed', () => {
  const digits = fc.array(fc.constantFrom(...'0123456789-/. :TZ[]{}"'), { maxLength: 24 }).map(each => each.join(''))
  const isJson = (text: string) => {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }
  fc.assert(fc.property(digits, text => expect(parseJson(text) !== undefined).toBe(isJson(text))))
  expect(parseJson('2026-11-22T10:00:00Z [gateway]')).toBeUndefined()
})

type Leaf = readonly [path: readonly string[], value: unknown]

/** Every value in a JSON value, with its path. */
function* valuesIn(value: unknown, path: readonly string[] = []): Generator<Leaf> {
  yield [path, value]
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) yield* valuesIn(inner, [...path, key])
}

it('every value is found at its path, and nothing at a path that leads nowhere', () => {
  const inherited = fc.constantFrom('constructor', '__proto__', 'toString', 'hasOwnProperty', 'at', '')
  const key = fc.oneof(inherited, fc.string({ unit: codePoint, maxLength: 4 }), fc.nat({ max: 9 }).map(String))
  const json = fc.letrec(tie => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue({ maxDepth: 0 }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  })).value
  fc.assert(
    fc.property(json, key, (made, other) => {
      const value = parseJson(JSON.stringify(made))
      for (const [path, found] of valuesIn(value)) {
        expect(valueAt(value, ...path)).toEqual(found)
        const isThere = typeof found === 'object' && found !== null && Object.keys(found).includes(other)
        if (!isThere) expect(valueAt(value, ...path, other, 'further')).toBeUndefined()
      }
    }),
  )
})

it('an array has a length, and a text and a number have nothing', () => {
  expect(valueAt({ reports: [1, 2] }, 'reports', 'length')).toBe(2)
  expect(valueAt({ reports: [1, 2] }, 'reports', '1')).toBe(2)
  expect(['length', '0'].map(key => valueAt({ name: 'text' }, 'name', key))).toEqual([undefined, undefined])
  expect(['-1', '01', '2', 'map'].map(key => valueAt([1, 2], key))).toEqual(Array(4).fill(undefined))
})

it('has as many tokens as it has values and keys, whatever its strings contain', () => {
  const tokensOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 0
    const inner = Object.values(value)
    const colons = Array.isArray(value) ? 0 : inner.length
    return 1 + Math.max(0, inner.length - 1) + colons + inner.reduce((sum: number, one) => sum + tokensOf(one), 0)
  }
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 4 }), (value, indent) => {
      const text = Buffer.from(JSON.stringify(value, null, indent))
      const tokens = tokensOf(JSON.parse(text.toString()))
      expect(hasMoreTokens(text, tokens)).toBe(false)
      expect(tokens === 0 || hasMoreTokens(text, tokens - 1)).toBe(true)
    }),
  )
})

describe('the levels of a JSON text', () => {
  it('are those of its lists and objects, whatever brackets its strings have', () => {
    const depth = (value: unknown): number =>
      typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const text = Buffer.from(JSON.stringify(value))
        const levels = depth(value)
        expect(isNestedDeeper(text, levels)).toBe(false)
        expect(levels === 0 || isNestedDeeper(text, levels - 1)).toBe(true)
      }),
    )
  })

  it('are found in a text that is no JSON', () => {
    expect(isNestedDeeper(Buffer.from('['.repeat(101)), 100)).toBe(true)
  })
})
