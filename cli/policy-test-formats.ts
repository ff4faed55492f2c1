import { Places } from '../policy/language/problem-text.ts'
import type { Span } from '../policy/model/policy.ts'
import type { PolicyProblem } from '../policy/model/problem.ts'
import { printable, printableJson } from '../service/log/one-line.ts'
import { problemTexts } from './policy-file.ts'

/** The expectations of one file with what became of them. */
export interface FileResults {
  /** As the user wrote it. */
  readonly file: string
  readonly source: string
  /** Of the policy. */
  readonly name: string
  readonly results: readonly Result[]
}

interface Result {
  readonly at: Span
  readonly text: string
  /** That were decided on. */
  readonly accesses: number
  /** Of an expectation that failed. */
  readonly problem: PolicyProblem | undefined
}

/** A result with its line. */
interface PlacedResult extends Result {
  readonly file: string
  readonly name: string
  readonly line: number
  readonly column: number
}

function placed({ file, source, name, results }: FileResults): readonly PlacedResult[] {
  const places = new Places(source)
  return results.map(result => ({ ...result, file, name, ...places.at(result.at.from) }))
}

const lines = (all: readonly string[]): string => all.map(line => `${line}\n`).join('')

/** A table, and each failure with its line and a caret. */
function text(files: readonly FileResults[]): string {
  return files
    .map(tested => {
      const rows = placed(tested).map(
        ({ problem, line, text: words }) =>
          `${problem === undefined ? 'ok  ' : 'FAIL'} ${String(line).padStart(5)}  ${printable(words)}`,
      )
      const problems = tested.results.flatMap(({ problem }) => problem ?? [])
      return lines([printable(tested.file), ...rows, ...problemTexts({ ...tested, problems })])
    })
    .join('')
}

function json(files: readonly FileResults[]): string {
  return printableJson(
    files.flatMap(placed).map(({ file, line, column, text: expectation, accesses, problem }) => ({
      file,
      line,
      column,
      expectation,
      passed: problem === undefined,
      accesses,
      ...(problem && { message: problem.message }),
    })),
  )
}

/** Test Anything Protocol, version 14. */
function tap(files: readonly FileResults[]): string {
  const results = files.flatMap(placed)
  return lines([
    'TAP version 14',
    `1..${results.length}`,
    ...results.flatMap(({ file, line, text: words, problem }, index) => {
      // A hash would begin a directive.
      const name = printable(`${file}:${line} ${words}`).replace(/[\\#]/g, '\\$&')
      if (problem === undefined) return [`ok ${index + 1} - ${name}`]
      return [
        `not ok ${index + 1} - ${name}`,
        '  ---',
        `  message: ${JSON.stringify(printable(problem.message))}`,
        '  ...',
      ]
    }),
  ])
}

/** The form of JUnit's reports that continuous integration reads: a suite for each file. */
function junit(files: readonly FileResults[]): string {
  const failuresOf = (results: readonly Result[]) => results.filter(({ problem }) => problem !== undefined).length
  const all = files.flatMap(({ results }) => results)
  return lines([
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="clawtrust policy test" tests="${all.length}" failures="${failuresOf(all)}">`,
    ...files.flatMap(tested => [
      `  <testsuite name="${xmlText(tested.file)}" tests="${tested.results.length}" failures="${failuresOf(tested.results)}">`,
      ...placed(tested).flatMap(({ text: words, name, file, line, problem }) => {
        const begin = `    <testcase name="${xmlText(words)}" classname="${xmlText(name)}" file="${xmlText(file)}" line="${line}"`
        if (problem === undefined) return [`${begin}/>`]
        const failure = `<failure message="${xmlText(problem.message)}">${xmlText(`${file}:${line}`)}</failure>`
        return [`${begin}>`, `      ${failure}`, '    </testcase>']
      }),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ])
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** XML 1.0 has no control characters, not even escaped ones. */
const xmlText = (words: string): string =>
  printable(words)
    .toWellFormed()
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, character => ENTITIES[character] ?? '')

export const testFormats = { text, json, junit, tap } as const satisfies Record<
  string,
  (files: readonly FileResults[]) => string
>
