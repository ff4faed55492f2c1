import type { TextLimit } from './template.ts'

/** One value that is filled in. */
export interface Filling {
  /** The text as it is, without characters that a reader cannot see. */
  readonly text: string
  /** Makes one character harmless for the receiver. */
  readonly harmless: (character: string) => string
  /** True for what is useless in part, such as an address, and bounded by itself. */
  readonly isWhole: boolean
}

const CUT = '…'

/**
 * Fills the placeholders of a text so that the whole is no longer than the receiver takes: the longest values are cut, and
 * what the template itself says stays.
 */
export function fillText(
  text: string,
  fillingOf: (name: string) => Filling,
  limit: TextLimit = { characters: Number.POSITIVE_INFINITY, lines: 'one' },
): string {
  // Every second part is the name of a placeholder.
  const parts = text.split(/\{\{([\w.]+)\}\}/)
  const fillings = parts.map((part, index) => (index % 2 === 0 ? undefined : fillingOf(part)))
  const written = parts.map((part, index) => {
    const filling = fillings[index]
    return filling === undefined ? part : escaped(filling, Number.POSITIVE_INFINITY)
  })
  const most = longestPart(
    written.map(({ length }) => length),
    fillings.map(filling => filling !== undefined && !filling.isWhole),
    limit.characters,
  )
  const filled = written.map((part, index) => {
    const filling = fillings[index]
    const isLong = filling !== undefined && !filling.isWhole && part.length > most
    return isLong ? escaped(filling, most) : part
  })
  return cut(filled.join(''), limit.characters)
}

/** How long a part that may be cut can be, so that all parts together fit. */
function longestPart(lengths: readonly number[], mayBeCut: readonly boolean[], total: number): number {
  const sum = lengths.reduce((all, length) => all + length, 0)
  if (sum <= total) return Number.POSITIVE_INFINITY
  const ascending = lengths.filter((_, index) => mayBeCut[index]).sort((a, b) => a - b)
  let left = total - lengths.filter((_, index) => !mayBeCut[index]).reduce((all, length) => all + length, 0)
  for (const [index, length] of ascending.entries()) {
    const share = Math.max(0, Math.floor(left / (ascending.length - index)))
    if (length > share) return share
    left -= length
  }
  return Number.POSITIVE_INFINITY
}

/** The value, character by character made harmless, so that no escape is cut through. */
function escaped({ text, harmless }: Filling, most: number): string {
  if (most === Number.POSITIVE_INFINITY) return Array.from(text, harmless).join('')
  let result = ''
  for (const character of text) {
    const next = harmless(character)
    if (result.length + next.length > most - CUT.length) return most < CUT.length ? '' : result + CUT
    result += next
  }
  return result
}

/** The last resort, where what must not be cut is longer than the receiver takes. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text
  return text.slice(0, most - CUT.length).replace(/[\ud800-\udbff]$/, '') + CUT
}
