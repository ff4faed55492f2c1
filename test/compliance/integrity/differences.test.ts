import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { differencesOf, jsonDifferences } from '../../../compliance/integrity/differences.ts'

const between = (name: string, expected: string, found: string) =>
  differencesOf(name, Buffer.from(expected), Buffer.from(found))

describe('differences', () => {
  it('are none between the same bytes, and some between others, of any form', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom('<h1>a</h1><p>b', '<h1>a</h1>', '"a","b"\r\n"c","d"\r\n'),
    )
    const name = fc.constantFrom('a.json', 'a.ndjson', 'a.csv', 'a.html', 'a.pdf', 'a')
    fc.assert(
      fc.property(name, text, text, (file, expected, found) => {
        expect(between(file, expected, found).length > 0).toBe(expected !== found)
      }),
    )
  })

  it('of JSON have the path, with the names of items', () => {
    const before = {
      controls: [
        { id: 'a', status: 'fail' },
        { id: 'b', status: 'pass' },
      ],
      share: 0.5,
    }
    const after = { controls: [{ id: 'b', status: 'fail' }], share: 0.6, more: [] }
    expect(jsonDifferences(before, after)).toEqual([
      { place: 'controls / a', expected: '{"id":"a","status":"fail"}', found: '(nothing)' },
      { place: 'controls / b / status', expected: 'pass', found: 'fail' },
      { place: 'share', expected: '0.5', found: '0.6' },
      { place: 'more', expected: '(nothing)', found: '[]' },
    ])
    expect(jsonDifferences([{ id: 'a' }, { id: 'b' }], [{ id: 'b' }, { id: 'a' }])).toEqual([
      { place: 'its root (order)', expected: 'a, b', found: 'b, a' },
    ])
    expect(jsonDifferences({ a: 1 }, null)).toEqual([{ place: 'its root', expected: '{"a":1}', found: 'null' }])
  })

  it('of JSON that only looks different have the line', () => {
    expect(between('a.json', '{\n"a": 1}', '{\n"a":  1}')).toEqual([
      { place: 'line 2, byte 7', expected: expect.any(String), found: expect.any(String) },
    ])
  })

  it('of a page have the section and the texts', () => {
    const page = (status: string) => `<h2>Identity</h2><p>AC-7</p><b>${status}</b><h2>Network</h2><p>end</p>`
    expect(between('a.html', page('fail'), page('pass'))).toEqual([
      { place: 'section Identity', expected: 'fail', found: 'pass' },
    ])
    expect(between('a.html', page('fail'), page('fail').replace('<p>AC-7</p>', ''))).toEqual([
      { place: 'section Identity', expected: expect.stringContaining('AC-7'), found: '(nothing)' },
    ])
  })

  it('are bounded in number and length', () => {
    const many = (value: string) => JSON.stringify(Array.from({ length: 1_000 }, () => value.repeat(1_000)))
    const differences = between('a.json', many('a'), many('b'))
    expect(differences).toHaveLength(20)
    expect(JSON.stringify(differences).length).toBeLessThan(20_000)
  })
})
