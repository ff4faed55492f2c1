/** Width above which alternatives have a line each. */
const LINE_WIDTH = 120
const INDENT = '  '
const CONTINUATION = '    '

/** A block of the text form, in the words in which it was written, with its comments. */
export interface LaidBlock {
  readonly kind: 'block'
  /** Keyword and name. */
  readonly head: string
  readonly isExpectation: boolean
  /** Behind the head. */
  readonly comment?: string
  readonly properties: readonly (LaidProperty | LaidComment)[]
}

/** A comment on a line of its own. */
export interface LaidComment {
  readonly kind: 'comment'
  readonly text: string
  /** Whether a line is free above it. */
  readonly isApart: boolean
}

export interface LaidProperty {
  readonly kind: 'property'
  readonly key: string
  readonly pieces: readonly LaidPiece[]
}

/** What is between two separators of a value, with the separator behind it. */
export interface LaidPiece {
  readonly text: string
  /** What a line may end with: nothing in the last piece. */
  readonly separator: '' | ',' | ' and'
  /** Whether the value continues on the next line. */
  readonly endsLine: boolean
  /** Behind it, then on lines of their own below it. */
  readonly comments: readonly string[]
}

/** The lines of the text form, in its one layout. */
export function layOut(parts: readonly (LaidBlock | LaidComment)[]): string {
  const lines: string[] = []
  let before: LaidBlock | LaidComment | undefined
  for (const part of parts) {
    if (before !== undefined && isApart(before, part)) lines.push('')
    lines.push(...(part.kind === 'comment' ? [part.text] : blockLines(part)))
    before = part
  }
  return lines.map(line => `${line}\n`).join('')
}

/** A comment belongs to what is below it; blocks have a line between them, but for a table of expectations. */
function isApart(before: LaidBlock | LaidComment, part: LaidBlock | LaidComment): boolean {
  if (part.kind === 'comment') return part.isApart || (before.kind === 'block' && !isLine(before))
  if (before.kind === 'comment') return false
  return !(isLine(before) && isLine(part))
}

const isLine = (block: LaidBlock): boolean => block.isExpectation && blockLines(block).length === 1

function blockLines(block: LaidBlock): readonly string[] {
  const line = block.isExpectation ? expectationLine(block) : undefined
  if (line !== undefined) return [line]
  return [withComment(block.head, block.comment), ...block.properties.flatMap(propertyLines)]
}

/** An expectation is one line of a table, if it fits and has no comment but one behind it. */
function expectationLine({ head, comment, properties }: LaidBlock): string | undefined {
  let line = head
  const comments = comment === undefined ? [] : [comment]
  for (const property of properties) {
    if (property.kind === 'comment' || comments.length > 0) return undefined
    line += ` ${property.key} ${joined(property.pieces)}`
    comments.push(...property.pieces.flatMap(piece => piece.comments))
  }
  const isLast = properties.slice(0, -1).every(one => one.kind === 'property' && one.pieces.every(isBare))
  if (line.length > LINE_WIDTH || comments.length > 1 || !isLast) return undefined
  return withComment(line, comments[0])
}

const isBare = ({ comments }: LaidPiece): boolean => comments.length === 0

const joined = (pieces: readonly LaidPiece[]): string =>
  pieces.map(({ text, separator }) => (separator === '' ? text : `${text}${separator} `)).join('')

const withComment = (line: string, comment: string | undefined): string =>
  comment === undefined ? line : `${line} ${comment}`

function propertyLines(property: LaidProperty | LaidComment): readonly string[] {
  if (property.kind === 'comment') return [...(property.isApart ? [''] : []), `${INDENT}${property.text}`]
  const { key, pieces } = property
  const begin = `${INDENT}${key}: `
  const lines = valueLines(begin, pieces, undefined)
  const isLong = lines.some(({ width }) => width > LINE_WIDTH)
  return (isLong ? valueLines(begin, pieces, outerSeparator(key)) : lines).map(({ text }) => text)
}

/** What separates the largest parts of a value: conditions, else alternatives. */
const outerSeparator = (key: string): LaidPiece['separator'] => (key === 'condition' ? ' and' : ',')

interface Line {
  readonly text: string
  /** Without its comment. */
  readonly width: number
}

/** @param broken the separator behind which each line ends; undefined for the line ends of the value itself */
function valueLines(
  begin: string,
  pieces: readonly LaidPiece[],
  broken: LaidPiece['separator'] | undefined,
): readonly Line[] {
  const lines: Line[] = []
  let line = begin
  for (const { text, separator, endsLine, comments } of pieces) {
    line += text + separator
    const [behind, ...below] = comments
    const ends = separator === '' || endsLine || behind !== undefined || separator === broken
    if (!ends) {
      line += ' '
      continue
    }
    lines.push({ text: withComment(line, behind), width: line.length })
    lines.push(...below.map(comment => ({ text: CONTINUATION + comment, width: 0 })))
    line = CONTINUATION
  }
  return lines
}
