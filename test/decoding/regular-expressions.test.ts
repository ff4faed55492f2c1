import { describe, expect, it } from '@jest/globals'
import { parseSync } from '@swc/core'
import { read, repositoryFiles } from '../structure/source-files.ts'

/** A pattern that may begin anywhere in a text is tried at each of its characters. */
const MAX_UNANCHORED = 64

interface Found {
  readonly file: string
  readonly pattern: string
}

/** Every regular expression in the sources of decoding/, those that are put together at run time by their template. */
const found: readonly Found[] = repositoryFiles()
  .filter(path => path.startsWith('decoding/') && path.endsWith('.ts'))
  .flatMap(file => {
    const patterns = patternsIn(parseSync(read(file), { syntax: 'typescript', target: 'es2024' }))
    return patterns.map(pattern => ({ file, pattern }))
  })

function patternsIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  const { type, pattern, callee, arguments: given } = node as Record<string, unknown>
  if (type === 'RegExpLiteral') return [String(pattern)]
  const isMade = type === 'NewExpression' && (callee as { value?: string }).value === 'RegExp'
  const own = isMade ? [templateOf(given)] : []
  return [...own, ...Object.values(node).flatMap(patternsIn)]
}

/** The constant parts of the first argument; what is put in between must be a constant of one character. */
function templateOf(given: unknown): string {
  const [first] = given as { expression: { quasis?: { cooked: string }[]; value?: string } }[]
  return first?.expression.quasis?.map(({ cooked }) => cooked).join('.') ?? first?.expression.value ?? '.*'
}

const PIECES = /\\.|\[(?:\\.|[^\]\\])*\]|\(\?(?:[:=!]|<[=!])|[()|^$]|[*+?]|\{\d+(?:,\d*)?\}|./gsu

/** How many characters a pattern may look at, at most; infinite where it repeats something without a bound. */
function longest(pattern: string): number {
  const groups: number[][][] = [[[]]]
  const sequence = () => groups.at(-1)?.at(-1) as number[]
  for (const [piece] of pattern.matchAll(PIECES)) {
    if (piece.startsWith('(')) groups.push([[]])
    else if (piece === '|') groups.at(-1)?.push([])
    else if (piece === ')') {
      const group = (groups.pop() ?? []).map(sum)
      sequence().push(Math.max(...group))
    } else if (piece === '^' || piece === '$' || piece === '?') continue
    else if (piece === '*' || piece === '+') return Number.POSITIVE_INFINITY
    else if (/^\{\d/.test(piece)) {
      const [least, most = least] = piece.slice(1, -1).split(',')
      if (most === '') return Number.POSITIVE_INFINITY
      sequence().push((sequence().pop() ?? 0) * Number(most))
    } else sequence().push(1)
  }
  return Math.max(...(groups[0] ?? []).map(sum))
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0)

describe('the bound of a pattern', () => {
  it.each([
    ['^abc$', 3],
    ['^(?:ab|cde){1,4}x', 13],
    ['[^,\\s]{1,64}, ', 66],
    ['a+', Number.POSITIVE_INFINITY],
    ['(?:a|b*)c', Number.POSITIVE_INFINITY],
    ['a{2,}', Number.POSITIVE_INFINITY],
  ])('of %s is %d', (pattern, most) => {
    expect(longest(pattern)).toBe(most)
  })
})

describe('a regular expression of a dialect', () => {
  it('is found wherever there is one', () => {
    expect(found.length).toBeGreaterThan(5)
  })

  it.each(found.map(({ file, pattern }) => [file, pattern]))(
    'in %s looks at a bounded part of a text, however long that is: %s',
    (_file, pattern = '') => {
      expect(longest(pattern)).toBeLessThanOrEqual(pattern.startsWith('^') ? 10_000 : MAX_UNANCHORED)
    },
  )

  it.each(found.map(({ file, pattern }) => [file, pattern]))(
    'in %s repeats no group that repeats something itself: %s',
    (_file, pattern = '') => {
      expect(pattern).not.toMatch(/[*+?}]\)(?:[*+]|\{)/)
    },
  )
})
