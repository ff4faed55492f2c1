import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { FilterProblem, readFilter } from '../../../compliance/evidence/document-filter.ts'

const refused = (filter: unknown): string => {
  try {
    readFilter(filter)
  } catch (problem) {
    if (problem instanceof FilterProblem) return `${problem.path.join('.')}: ${problem.message}`
    throw problem
  }
  return ''
}

describe('a filter of documents', () => {
  it.each<[string, unknown, string, string[]]>([
    ['a term', { term: { 'event.outcome': 'failure' } }, 'event.outcome is failure', ['event.outcome']],
    ['a term with options', { term: { a: { value: 'X', case_insensitive: true } } }, 'a is X', ['a']],
    ['several values', { terms: { port: [22, 2222] } }, 'port is one of 22, 2222', ['port']],
    ['limits', { range: { bytes: { gte: 1, lt: 5 } } }, 'bytes is at least 1 and less than 5', ['bytes']],
    ['a date', { range: { t: { gte: '2026-11-01', time_zone: '+01:00' } } }, 't is at least 2026-11-01', ['t']],
    ['the existence of a field', { exists: { field: 'user.name' } }, 'user.name exists', ['user.name']],
    ['all documents', { match_all: {} }, 'any document', []],
    [
      'a combination',
      {
        bool: {
          filter: [{ term: { a: 1 } }, { prefix: { b: 'x' } }],
          must_not: { wildcard: { c: '*y*' } },
          should: [{ match: { d: 'some words' } }, { match_phrase: { e: { query: 'a phrase' } } }],
          minimum_should_match: 1,
        },
      },
      'a is 1 and b begins with x and (d has words of some words or e has the phrase a phrase) and not (c is like *y*)',
      ['a', 'b', 'c', 'd', 'e'],
    ],
  ])('may have %s', (_, filter, words, fields) => {
    expect(readFilter(filter)).toEqual({ words, fields })
  })

  it.each<[string, unknown, RegExp]>([
    ['a script', { script: { script: 'return true' } }, /^script: is no clause of a filter; known are bool, exists/],
    ['a script within', { bool: { filter: [{ script: {} }] } }, /^bool.filter.0.script: is no clause/],
    ['a score by a script', { function_score: {} }, /is no clause/],
    ['an expression that a server parses', { query_string: { query: '*' } }, /is no clause/],
    ['a regular expression', { regexp: { a: '(a+)+' } }, /is no clause/],
    ['a query that is built from other documents', { percolate: {} }, /is no clause/],
    ['values of another index', { terms: { a: { index: 'secrets', id: '1', path: 'x' } } }, /^terms.a: must be a list/],
    ['a date relative to now', { range: { t: { gte: 'now-1d/d' } } }, /^range.t.gte: must be a constant/],
    ['date math', { range: { t: { gte: '2026-11-01||/M' } } }, /must be a constant/],
    ['two clauses in one', { term: { a: 1 }, exists: { field: 'b' } }, /must have exactly one of/],
    ['an option that is not known', { term: { a: { value: 1, boost: 2 } } }, /^term.a.boost: is not known here/],
    ['a term without its value', { term: { a: { case_insensitive: true } } }, /^term.a.value: must be a number/],
    ['a list for a value', { term: { a: ['x'] } }, /^term.a: must be a number|^term.a.value: must be/],
    ['several fields by a pattern', { exists: { field: 'user.*' } }, /must be the name of one field/],
    ['no clause', {}, /must have exactly one of/],
    ['text', 'event.outcome:failure', /must be a clause/],
    [
      'should beside filter, which selects nothing',
      { bool: { filter: { term: { a: 1 } }, should: [{ term: { b: 1 } }] } },
      /^bool.should: has no effect beside filter or must without minimum_should_match: 1/,
    ],
    ['a prototype', JSON.parse('{"__proto__": {"a": 1}}'), /is no clause/],
    ['a name of an object', { constructor: { a: 1 } }, /is no clause/],
  ])('may not have %s', (_, filter, expected) => {
    expect(refused(filter)).toMatch(expected)
  })

  it('is bounded in depth and in clauses', () => {
    let deep: unknown = { term: { a: 1 } }
    for (let level = 0; level < 100; level++) deep = { bool: { filter: [deep] } }
    expect(refused(deep)).toMatch(/is nested in more than 8 levels/)
    expect(refused({ bool: { filter: Array.from({ length: 201 }, () => ({ term: { a: 1 } })) } })).toMatch(
      /has more than 200 clauses/,
    )
  })

  it('is read or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 6 }), filter => {
        refused(filter)
      }),
    )
    const clause = fc.letrec<{ clause: unknown }>(tie => ({
      clause: fc.oneof(
        { maxDepth: 4 },
        fc.record({ term: fc.dictionary(fc.string(), fc.anything(), { minKeys: 1, maxKeys: 1 }) }),
        fc.record({ bool: fc.record({ filter: fc.array(tie('clause')), must_not: tie('clause') }) }),
      ),
    })).clause
    fc.assert(
      fc.property(clause, filter => {
        if (refused(filter) === '') expect(JSON.stringify(filter)).not.toContain('"script"')
      }),
    )
  })
})
