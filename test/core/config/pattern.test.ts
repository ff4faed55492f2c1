import { describe, expect, it } from '@jest/globals'
import { parsePattern } from '../../../core/config/pattern.ts'

describe('a regular expression of the configuration', () => {
  it('must match the whole text', () => {
    const pattern = parsePattern('edge|core')
    expect(['edge', 'core', 'edge-1', 'the core'].map(text => pattern?.test(text))).toEqual([true, true, false, false])
  })

  it('gives its named groups', () => {
    expect('/var/log/east/gw.log'.match(parsePattern('.*/(?<gateway>[^/]+)/[^/]+\\.log') ?? '')?.groups?.gateway).toBe(
      'east',
    )
  })

  it.each(['', '(', '[a', 'a{2,1}', '\\', 'a'.repeat(501)])('is refused where it is none or too long: %j', text => {
    expect(parsePattern(text)).toBeUndefined()
  })

  it.each([
    '(a+)+',
    '(a*)*b',
    '(?:.*)+',
    '(?<gateway>[a-z]+)*x',
    '(a{1,})+',
    '(\\d+){2,}',
    '((a+))+',
    '(x(a+)y?)*',
    '(a|a)*',
    '(a?b?)*',
    '((a)+)+',
    '(a*){9}',
  ])('is refused where it may take exponential time: %s', text => {
    expect(parsePattern(text)).toBeUndefined()
  })

  it.each(['(/.*)?', '([a-z]+)-(\\d+)', '(ab)+', '\\(a+\\)+', '[(a+)]+'])(
    'is taken where repetitions are not nested: %s',
    text => {
      expect(parsePattern(text)).toBeInstanceOf(RegExp)
    },
  )
})
