import { printable } from '../../service/log/one-line.ts'
import type { PolicyProblem } from '../model/problem.ts'

const MAX_WIDTH = 160
/** Tabs take one column in an excerpt, and what would move the cursor is shown as a replacement. */
const UNPRINTABLE = /[^\x20-\x7e\p{L}\p{N}\p{P}\p{S}]|[\u2028\u2029]/gu

export interface Place {
  /** Counted from 1, in UTF-16 units. */
  readonly line: number
  readonly column: number
}

/** Finds lines and columns of offsets. */
export class Places {
  readonly #starts: number[] = [0]
  readonly #source: string

  constructor(source: string) {
    this.#source = source
    for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) this.#starts.push(at + 1)
  }

  at(offset: number): Place {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((this.#starts[middle] as number) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (this.#starts[low] as number) + 1 }
  }

  line(number: number): string {
    const from = this.#starts[number - 1] ?? this.#source.length
    const to = this.#starts[number] ?? this.#source.length + 1
    return this.#source.slice(from, to - 1).replace(/\r$/, '')
  }
}

/**
 * A problem for a terminal on one line: its place and its sentence.
 *
 * @param file its name as the user wrote it
 */
export function problemHeading(file: string, { level, kind, message, at }: PolicyProblem, places: Places): string {
  const { line, column } = places.at(at.from)
  return `${printable(`${file}:${line}:${column}: ${level}: ${message}`)} [${kind}]`
}

/** The same with the line below it, and a caret under what is meant. */
export function problemText(file: string, problem: PolicyProblem, places: Places): string {
  const { at, suggestion } = problem
  const { line, column } = places.at(at.from)
  const text = places.line(line)
  // Of a long line, the part around the problem.
  const begin = Math.max(0, Math.min(column - 1 - MAX_WIDTH / 2, text.length - MAX_WIDTH))
  const excerpt = text
    .slice(begin, begin + MAX_WIDTH)
    .replace(UNPRINTABLE, character => (character === '\t' ? ' ' : '\ufffd'))
  const width = Math.max(1, Math.min(at.to - at.from, text.length - column + 1, MAX_WIDTH))
  const caret = `${' '.repeat(column - 1 - begin)}${'^'.repeat(width)}`
  const advice = suggestion === undefined || suggestion === '' ? '' : ` ${printable(suggestion)}`
  const margin = ' '.repeat(String(line).length)
  return `${problemHeading(file, problem, places)}\n ${line} | ${excerpt}\n ${margin} | ${caret}${advice}`
}
