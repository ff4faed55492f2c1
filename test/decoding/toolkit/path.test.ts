import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { nested, pathReader } from '../../../decoding/toolkit/path.ts'

describe('the value of a dotted name', () => {
  it.each([
    [{ 'a.b.c': 1 }],
    [{ a: { b: { c: 1 } } }],
    [{ 'a.b': { c: 1 } }],
    [{ a: { 'b.c': 1 } }],
    [{ a: {}, 'a.b': { c: 1 } }],
  ])('is found however its dots are written: %j', fields => {
    expect(pathReader('a.b.c')(fields)).toBe(1)
  })

  it('is never one that every object inherits', () => {
    for (const name of ['constructor', '__proto__.toString', 'a.constructor.name']) {
      expect(pathReader(name)({ a: {} })).toBeUndefined()
    }
  })
})

describe('unfolding dotted keys', () => {
  it('puts each value where its name leads', () => {
    expect({ ...nested({ 'a.b': 1, 'a.c': 2, d: 3 }) }).toMatchObject({ a: { b: 1, c: 2 }, d: 3 })
  })

  it('keeps what stood at a name first', () => {
    expect(nested({ a: { b: 1 }, 'a.b': 2 })).toMatchObject({ a: { b: 1 } })
  })

  it('leaves a key alone that is too deep, too long or has an empty part', () => {
    for (const key of ['a.'.repeat(20), 'a'.repeat(600), '.a', 'a..b']) expect(nested({ [key]: 1 })[key]).toBe(1)
  })

  it('never touches a prototype, whatever the keys', () => {
    const key = fc.oneof(
      fc.constantFrom('__proto__', '__proto__.polluted', 'constructor.prototype.polluted'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.dictionary(key, fc.anything()), fields => {
        nested(fields)
        expect(({} as Record<string, unknown>).polluted).toBeUndefined()
      }),
    )
  })

  it('changes no object that it was given', () => {
    const inner = { b: 1 }
    nested({ a: inner, 'a.c': 2 })
    expect(inner).toEqual({ b: 1 })
  })
})
