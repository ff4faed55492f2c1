import { type Document, isCollection, isScalar, type LineCounter, type Node, visit, type YAMLError } from 'yaml'

/** A fault of the text of a file: where it begins, what it is, and what to do. */
export interface SyntaxFault {
  readonly offset: number
  readonly sentence: string
}

/** What no YAML file holds, and what stands for bytes that are not UTF-8; such a file is in another encoding, or no text. */
const NOT_TEXT = /[\0\ufffd]/
/** A line end of old Macintosh systems, which YAML counts as white space. */
const LONE_CARRIAGE_RETURN = /\r(?!\n)/

/** A fault that is seen in the text before it is parsed; undefined if there is none. */
export function faultOfText(text: string): SyntaxFault | undefined {
  const coded = NOT_TEXT.exec(text)
  if (coded !== null) {
    return { offset: coded.index, sentence: 'this file is not text in UTF-8; save it in that encoding' }
  }
  const ended = LONE_CARRIAGE_RETURN.exec(text)
  if (ended === null) return undefined
  return {
    offset: ended.index,
    sentence: 'this line ends with a carriage return alone; save the file with LF or CR LF',
  }
}

/** The heading of a table of TOML or INI, and a value. */
const TABLE = /^[ \t]*\[[\w.]+\][ \t]*\r?\n[ \t]*[\w.]+[ \t]*=/m

type Explain = (error: YAMLError, found: Found) => SyntaxFault

interface Found {
  readonly document: Document
  readonly text: string
  readonly counter: LineCounter
  readonly errors: readonly YAMLError[]
}

/**
 * The first fault that the parser found, in words of our own: its own words may quote the file, and the quoted text may
 * be a secret. Its place is corrected where the parser reports the line before or after; undefined if there is none.
 */
export function faultOfDocument(document: Document, text: string, counter: LineCounter): SyntaxFault | undefined {
  const errors = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0])
  const [error] = errors
  if (error === undefined) return undefined
  const table = TABLE.exec(text)
  if (table !== null) {
    const remedy = 'write YAML: a key, a colon and a space, and what belongs to it below, indented'
    return { offset: table.index, sentence: `this file looks like TOML or INI; ${remedy}` }
  }
  return (explanations[error.code] ?? unexplained)(error, { document, text, counter, errors })
}

const unexplained: Explain = ({ pos: [offset] }) => ({
  offset,
  sentence: 'this line is not valid YAML; check its indentation, quotes and brackets',
})

const say =
  (sentence: string): Explain =>
  ({ pos: [offset] }) => ({ offset, sentence })

const NO_COLON = 'this line has no colon after its key; write key: value'

const explanations: Readonly<Partial<Record<YAMLError['code'], Explain>>> = {
  TAB_AS_INDENT: say('this line is indented with a tab; indent it with spaces'),
  MULTIPLE_DOCS: say('this line begins a second YAML document; a file may contain only one'),
  TAG_RESOLVE_FAILED: say(
    'this line has an unknown YAML tag (!…); remove the tag, or put a value that begins with ! in quotes',
  ),
  RESOURCE_EXHAUSTION: say('this line is nested too deeply'),
  BAD_DIRECTIVE: say('this line has an unknown YAML directive (%…); remove it'),
  BAD_SCALAR_START: say('this value begins with a character that YAML reserves; put the value in quotes'),
  BAD_DQ_ESCAPE: say(
    'this text in double quotes has a backslash that begins no escape; use single quotes, or write \\\\ for each',
  ),
  BLOCK_IN_FLOW: say('this line lacks a comma between two keys or items within brackets; separate them by commas'),
  MULTIPLE_ANCHORS: say('this value begins with &, which YAML reserves; put the value in quotes'),
  MULTILINE_IMPLICIT_KEY: say(NO_COLON),
  BLOCK_AS_IMPLICIT_KEY: (error, found) => {
    const deeper = found.errors.find(
      ({ code, pos: [start, end] }) =>
        code === 'MULTILINE_IMPLICIT_KEY' && start === error.pos[0] && lineOf(found, end) > lineOf(found, start),
    )
    if (deeper === undefined) {
      return { offset: error.pos[0], sentence: 'this value contains a colon and a space; put the value in quotes' }
    }
    const above = lineOf(found, error.pos[0])
    const sentence = `this line is indented further than line ${above}, whose key has a value already; indent both alike, or remove that value`
    return { offset: lineBegin(found, deeper.pos[1]), sentence }
  },
  MISSING_CHAR: (error, found) => {
    if (/quote/.test(error.message)) return unclosedQuote(error, found)
    if (/^Flow/.test(error.message)) return unclosedBracket(error, found)
    if (/^Missing ,/.test(error.message)) {
      return { offset: error.pos[0], sentence: 'this line lacks a comma between two items within brackets; add it' }
    }
    if (!/^Sequence item/.test(error.message)) return { offset: error.pos[0], sentence: NO_COLON }
    return {
      offset: lineBegin(found, error.pos[0]),
      sentence:
        'this line is neither an item of the list above (it has no dash) nor aligned with the keys of its last item; align it with those keys',
    }
  },
  BAD_INDENT: (error, found) => {
    if (/^Flow/.test(error.message)) return unclosedBracket(error, found)
    return {
      offset: lineBegin(found, error.pos[0]),
      sentence:
        'this line is not aligned with the keys or items above it; begin those of one map or list in one column',
    }
  },
  UNEXPECTED_TOKEN: (error, found) => {
    const offset = error.pos[0]
    if (/^[\]}]/.test(found.text.slice(offset))) {
      return { offset, sentence: 'this bracket closes none that is open; remove it' }
    }
    if (/^Block scalar header/.test(error.message)) {
      return { offset, sentence: 'this line has text after | or >; write it on the next line, indented' }
    }
    const quote = quoteBefore(found, offset)
    if (quote !== undefined && lineOf(found, quote) < lineOf(found, offset)) return unclosedQuote(error, found)
    return {
      offset,
      sentence: 'this line has text after the end of a value; put the whole value in one pair of quotes',
    }
  },
}

function unclosedQuote(error: YAMLError, found: Found): SyntaxFault {
  const offset = quoteBefore(found, error.pos[0]) ?? error.pos[0]
  return { offset, sentence: 'the quote that opens here is not closed on its line; close it' }
}

function unclosedBracket(error: YAMLError, found: Found): SyntaxFault {
  const offset = lastNode(found, error.pos[0], node => isCollection(node) && node.flow === true) ?? error.pos[0]
  return {
    offset,
    sentence: 'the bracket that opens here is not closed, or its lines are not indented further than its key; close it',
  }
}

const quoteBefore = (found: Found, offset: number): number | undefined =>
  lastNode(found, offset, node => isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE'))

/** Where the last node of a kind begins before an offset. */
function lastNode({ document }: Found, before: number, is: (node: Node) => boolean): number | undefined {
  let last: number | undefined
  visit(document, {
    Node: (_, node) => {
      const begin = node.range?.[0]
      if (begin !== undefined && begin < before && begin >= (last ?? 0) && is(node)) last = begin
    },
  })
  return last
}

const lineOf = ({ counter }: Found, offset: number): number => counter.linePos(offset).line

/** The first character of the line that is not white space. */
function lineBegin({ text, counter }: Found, offset: number): number {
  const begin = counter.lineStarts[lineOf({ counter } as Found, offset) - 1] ?? offset
  return begin + (/^[ \t]*/.exec(text.slice(begin))?.[0].length ?? 0)
}

const MAX_EXCERPT = 80

/**
 * A line of the file with a caret below the column: its indentation and its key. What follows is written as `…`, since it
 * may be a secret.
 *
 * @param column counted from 1
 */
export function excerpt(text: string, line: number, column: number): string {
  const written = (text.split('\n')[line - 1] ?? '').replace(/\r$/, '').replace(/^\ufeff/, '')
  const [head = '', rest = ''] = [/^[ \t]*(?:- +)*(?:[\w-]+ *:(?= |$) *)?/.exec(written)?.[0] ?? ''].flatMap(head => [
    head,
    written.slice(head.length),
  ])
  const mark = /^["'[{|>&*!%@`]/.exec(rest)?.[0] ?? ''
  const shown = `${head.replaceAll('\t', '→')}${mark}${rest.length > mark.length ? '…' : ''}`
  const number = String(line)
  const caret = Math.min(column - 1, shown.length)
  return [
    `    ${number} | ${shown.slice(0, MAX_EXCERPT)}`,
    `    ${' '.repeat(number.length)} | ${' '.repeat(Math.min(caret, MAX_EXCERPT))}^`,
  ].join('\n')
}
