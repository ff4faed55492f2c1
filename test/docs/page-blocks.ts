/** A fenced code block of a page. */
export interface Block {
  /** The line of its fence, from 1. */
  readonly line: number
  /** The first word of the info string, which decides the highlighting: `sh`, `yaml`. */
  readonly language: string
  /** The other words, which no reader sees: `name=start terminal=exporter`. */
  readonly attributes: Readonly<Record<string, string>>
  readonly text: string
  /** The reason that the page shows below the block for why no test runs it. */
  readonly notRun: string | undefined
}

/** A file that the page tells the reader to write. */
export interface FileStep {
  readonly kind: 'file'
  readonly path: string
  readonly text: string
}

/** Commands of the page, and what the page says that they print. */
export interface CommandStep {
  readonly kind: 'command'
  readonly name: string
  readonly text: string
  /** The terminal in which it keeps running; what ran there before is ended by Ctrl-C. Undefined: it ends by itself. */
  readonly terminal: string | undefined
  /** How long the page lets the reader repeat it until it prints what is expected, in seconds. */
  readonly repeatedFor: number
  readonly expected: readonly string[]
}

export type Step = FileStep | CommandStep

/** Languages of blocks that a reader copies into a shell. */
const SHELL = /^(?:sh|bash|shell|console)$/
const FENCE = /^( *)```(.*)$/
const NOT_RUN = /^ *Not run by the tests: (\S.*\.)$/

/** The reason that a page shows for why no test runs any of its commands. */
export const pageNotRun = (page: string): string | undefined =>
  /^No command of this page is run by the tests: (\S.*\.)$/m.exec(page)?.[1]

export const isShell = ({ language }: Block): boolean => SHELL.test(language)

/** The fenced blocks of a page; the indentation of a list is removed from their text. */
export function blocksOf(page: string): Block[] {
  const lines = page.split('\n')
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; at++) {
    const fence = FENCE.exec(lines[at] ?? '')
    if (fence === null) continue
    const [, indent = '', info = ''] = fence
    const end = lines.findIndex((line, index) => index > at && line === `${indent}\`\`\``)
    if (end === -1) throw new Error(`line ${at + 1}: the code block has no end`)
    const [language = '', ...words] = info.split(' ')
    const text = lines.slice(at + 1, end).map(line => `${line.startsWith(indent) ? line.slice(indent.length) : line}\n`)
    const below = lines[end + 1] === '' ? lines[end + 2] : lines[end + 1]
    blocks.push({
      line: at + 1,
      language,
      attributes: Object.fromEntries(words.map(pairOf)),
      text: text.join(''),
      notRun: NOT_RUN.exec(below ?? '')?.[1],
    })
    at = end
  }
  return blocks
}

/** What a reader does, in the order of the page. @throws where an expectation belongs to no command */
export function stepsOf(page: string): Step[] {
  const blocks = blocksOf(page)
  const steps = blocks.flatMap(block => stepOf(block, blocks))
  for (const { attributes, line } of blocks) {
    const { expect } = attributes
    if (expect === undefined || steps.some(step => step.kind === 'command' && step.name === expect)) continue
    throw new Error(`line ${line}: there are no commands of the name ${expect}`)
  }
  return steps
}

function stepOf(block: Block, blocks: readonly Block[]): Step[] {
  const { file, name, terminal, repeat } = block.attributes
  if (file !== undefined) return [{ kind: 'file', path: file, text: block.text }]
  if (name === undefined) return []
  const expected = blocks.filter(({ attributes }) => attributes.expect === name)
  return [
    {
      kind: 'command',
      name,
      text: block.text,
      terminal,
      repeatedFor: Number(repeat ?? 0),
      expected: expected.flatMap(({ text }) => text.trimEnd().split('\n')),
    },
  ]
}

/**
 * The first line of an expectation that the output does not hold; undefined where it holds all, in this order. `…`
 * stands for any text within a line, and alone on a line for any lines.
 */
export function missingLine(expected: readonly string[], output: string): string | undefined {
  const lines = output.split('\n')
  let at = 0
  for (const line of expected) {
    if (line === '…') continue
    const pattern = new RegExp(`^${line.trimEnd().split('…').map(escaped).join('.*')}\\s*$`)
    const found = lines.findIndex((printed, index) => index >= at && pattern.test(printed))
    if (found === -1) return line
    at = found + 1
  }
  return undefined
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function pairOf(word: string): [string, string] {
  const [key = '', value = ''] = word.split('=')
  return [key, value]
}
