import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MAX_POLICY_CHARACTERS, parsePolicy, parsePolicyYaml } from '../../../policy/language/parse.ts'
import { problemKinds } from '../../../policy/language/problem-kinds.ts'
import { Places, problemText } from '../../../policy/language/problem-text.ts'
import { resolvePolicy } from '../../../policy/language/resolve.ts'
import { codePoint } from '../../code-point.ts'
import { wrongLines } from './wrong-lines.ts'

function problemsOf(text: string, parse = parsePolicy) {
  const { policy, problems } = parse(text, 'test')
  return [...problems, ...resolvePolicy(policy).problems]
}

describe('a line', () => {
  it.each(wrongLines)('%j is %s', (text, expected) => {
    const places = new Places(text)
    const [found, ...more] = problemsOf(text)
    const place = places.at(found?.at.from ?? 0)
    const suggestion = found?.suggestion === undefined ? '' : ` > ${found.suggestion}`
    expect(`${place.line}:${place.column} ${found?.level}: ${found?.message}${suggestion}`).toBe(expected)
    expect(more).toEqual([])
  })

  it('that is wrong neither hides nor causes an error in another one', () => {
    const text =
      'zone\nmembers: 10.0.0\nalow x\nfrom: any\nallow y\nfrom: any any\nto: b.local:0\nlist l\nmembers: zone=none'
    const places = new Places(text)
    expect(problemsOf(text).map(({ kind, at }) => `${places.at(at.from).line} ${kind}`)).toEqual([
      '1 syntax',
      '2 not-a-host',
      '3 syntax',
      '6 syntax',
      '7 port',
      '9 unknown-zone',
    ])
  })
})

describe('a problem', () => {
  it('is shown with its line, a caret under its place, and what to write', () => {
    const source = 'policy p\r\nallow\r\n\tfrom: zone=a, 10.0.0.5/8\r\n\tto: any'
    const [found] = parsePolicy(source, 'test').problems
    expect(
      found && problemText('a.policy', found, new Places(source)),
    ).toBe(`a.policy:3:16: error: "10.0.0.5/8" has bits behind its prefix: the network is 10.0.0.0/8, the address 10.0.0.5; write the one that is meant [not-a-host]
 3 |  from: zone=a, 10.0.0.5/8
   |                ^^^^^^^^^^ 10.0.0.0/8`)
  })

  it('is shown with a part of a long line', () => {
    const source = `list l\nmembers: ${'a.local, '.repeat(100)}10.0.0, ${'b.local, '.repeat(100)}c.local`
    const [found] = parsePolicy(source, 'test').problems
    const shown = found && problemText('a.policy', found, new Places(source))
    const [, excerpt = '', caret = ''] = shown?.split('\n') ?? []
    expect(excerpt.length).toBeLessThan(170)
    expect(excerpt.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('10.0.0')
  })

  it('shows nothing that a terminal obeys', () => {
    const source = 'allow\nfrom: \u001b[31m\u202e=x\nto: any'
    for (const found of problemsOf(source)) {
      const shown = problemText('a\u001b.policy', found, new Places(source))
      expect([...shown].filter(character => character === '\u001b' || character === '\u202e')).toEqual([])
    }
  })

  it('is one of at most 100', () => {
    expect(problemsOf('?\n'.repeat(5_000))).toHaveLength(100)
  })
})

describe('any text', () => {
  const word = fc.constantFrom(
    ...'policy zone list allow role expect deny from: to: members: condition: protocol: reason: expires: from to and , = # [ ] : * any a.local 10.0.0.0/8 time=08:00-09:00 zone=a list=a :443 \u2011 \u200b \u0430 \u202e \ufeff \0 \r " \' - | & {'.split(
      ' ',
    ),
  )
  const text = fc.oneof(
    fc.string({ unit: codePoint, maxLength: 60 }),
    fc
      .array(fc.tuple(word, fc.constantFrom('', ' ', '\n', '\t', '\r\n', ', ')), { maxLength: 30 })
      .map(parts => parts.flat().join('')),
  )

  it.each([
    ['text', parsePolicy],
    ['YAML', parsePolicyYaml],
  ] as const)('is read in the %s form to a policy, or to problems with places in it', (_, parse) => {
    fc.assert(
      fc.property(text, source => {
        for (const { kind, level, message, at } of problemsOf(source, parse)) {
          expect(Object.keys(problemKinds)).toContain(kind)
          expect(['error', 'warning', 'note']).toContain(level)
          expect(message).not.toMatch(/undefined|\[object/)
          expect(at.from).toBeGreaterThanOrEqual(0)
          expect(at.from).toBeLessThanOrEqual(at.to)
          expect(at.to).toBeLessThanOrEqual(source.length)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('a file that is no policy', () => {
  it('is refused by its size', () => {
    const [found, ...more] = parsePolicy(' '.repeat(10_000_000), 'test').problems
    expect(found?.message).toBe('a policy has at most 4 Mi characters and this one has more; is this the right file?')
    expect(more).toEqual([])
    expect(MAX_POLICY_CHARACTERS).toBe(4 * 1024 * 1024)
  })

  it('of YAML in many levels is refused', () => {
    expect(problemsOf('['.repeat(100_000), parsePolicyYaml).map(({ level }) => level)).toContain('error')
  })

  it('has lists in lists up to a depth', () => {
    const lists = Array.from({ length: 40 }, (_, index) => `list l${index}\nmembers: list=l${index + 1}\n`).join('')
    const kinds = problemsOf(`${lists}list l40\nmembers: a.local`).map(({ kind }) => kind)
    expect(kinds).toEqual(['too-deep'])
  })

  it('has lists that expand to a bounded number of alternatives', () => {
    const ten = (name: string) => Array.from({ length: 10 }, (_, index) => name.replace('*', String(index))).join(', ')
    const lists = Array.from(
      { length: 8 },
      (_, index) => `list l${index + 1}\nmembers: ${ten(`list=l${index} and label:x*=y`)}\n`,
    )
    const found = problemsOf(`list l0\nmembers: ${ten('a*.local')}\n${lists.join('')}allow\nfrom: list=l8\nto: any`)
    expect(found.map(({ kind }) => kind)).toEqual(['too-many-alternatives'])
  })
})
