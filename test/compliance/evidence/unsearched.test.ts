import { describe, expect, it } from '@jest/globals'
import { closedIndices, localPatterns, unreadablePatterns } from '../../../compliance/evidence/unsearched.ts'

const closed = { settings: { 'index.verified_before_close': 'true' } }

describe('what a search leaves out', () => {
  it('is closed indices, of which three are named', () => {
    expect(closedIndices({ a: { settings: {} }, b: {} })).toBeUndefined()
    expect(closedIndices({ b: closed, a: { settings: {} } })).toBe(
      'b is closed and left out of every search; open it, delete it, or exclude it from the pattern',
    )
    expect(closedIndices({ d: closed, c: closed, b: closed, a: closed })).toMatch(
      /^a, b, c and 1 more are closed and left out of every search; open them/,
    )
  })

  it('is what the credentials may not read', () => {
    expect(unreadablePatterns({ index: { 'logs-*': { read: true } } })).toBeUndefined()
    expect(unreadablePatterns(undefined)).toBeUndefined()
    expect(unreadablePatterns({ index: { 'logs-*': { read: false }, 'audit-*': { read: true } } })).toMatch(
      /^the credentials may not read all of logs-\*; /,
    )
  })

  it('is not asked of what is excluded, or of another cluster', () => {
    expect(localPatterns('logs-*,-logs-old-*,other:logs-*,audit')).toEqual(['logs-*', 'audit'])
  })
})
