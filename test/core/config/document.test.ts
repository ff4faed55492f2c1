import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readDocument } from '../../../core/config/document.ts'
import { formatProblem } from '../../../core/config/problem.ts'
import { codePoint } from '../../code-point.ts'

const read = (text: string) => {
  const document = readDocument(text, 'clawtrust.yml')
  return 'sentence' in document ? document.sentence : document.value
}

describe('a configuration document', () => {
  it('is empty where nothing or only comments are written', () => {
    expect([read(''), read('# later\n'), read('---\n')]).toEqual([null, null, null])
  })

  it('leaves out keys without a value', () => {
    expect({ ...(read('log:\nexporter: {}') as object) }).toEqual({ exporter: {} })
  })

  it('knows the line of each key and, where nothing is written, of its nearest ancestor', () => {
    const document = readDocument('a:\n  b:\n    - 1\n    - x.y: 2\n', 'clawtrust.yml')
    if ('sentence' in document) throw new Error(document.sentence)
    const places = [[], ['a'], ['a', 'b'], ['a', 'b', 1], ['a', 'b', 1, 'x.y'], ['a', 'c', 'd']]
    expect(places.map(keys => document.lineOf(keys))).toEqual([1, 1, 2, 4, 4, 1])
  })

  it('reads Windows line ends', () => {
    const document = readDocument('a: 1\r\nb:\r\n  c: 2\r\n', 'clawtrust.yml')
    expect('lineOf' in document && document.lineOf(['b', 'c'])).toBe(3)
  })

  it('is refused when it is larger than 1 MiB, before it is parsed', () => {
    expect(read(`a: ${'x'.repeat(1024 * 1024)}`)).toBe('the file is larger than 1 MiB; is this the right file?')
  })

  it.each([
    [40, 'this value is nested more than 32 levels deep'],
    [20_000, 'this line is nested too deeply'],
  ])('is refused when it is nested %d levels deep', (depth, sentence) => {
    expect(read(`a: ${'['.repeat(depth)}${']'.repeat(depth)}`)).toBe(sentence)
  })

  it('never tells what stands in a broken file', () => {
    const broken = [
      'password: "hunter2',
      'password: hunter2\n  x: 1',
      'password: @hunter2',
      '- hunter2\nb: c',
      'a: *hunter2',
      'a: &hunter2',
      'a: !hunter2',
      'a: "b\\qhunter2"',
      'password: |hunter2',
      "password: 'it's hunter2'",
      '{ password: hunter2 user: x }',
      'a: [hunter2',
      'password: hunter2 }\rb: 1',
    ]
    for (const text of broken) {
      const document = readDocument(text, 'clawtrust.yml')
      if (!('sentence' in document)) throw new Error(`${text} is read`)
      expect(formatProblem(document)).not.toContain('hunter2')
      expect(document.excerpt).toContain('^')
    }
  })

  it('either gives values or one sentence, whatever the text', () => {
    const piece = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '-',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '&x',
      '*x',
      '!',
      '|',
      '>',
      '#',
      '\t',
      '%',
      '?',
      '<<',
      '---',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: codePoint }),
          fc.array(piece).map(pieces => pieces.join('')),
        ),
        text => {
          const document = readDocument(text, 'clawtrust.yml')
          if ('sentence' in document) expect(document.line).toBeGreaterThanOrEqual(1)
        },
      ),
    )
  })
})
