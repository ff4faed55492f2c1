import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { checks } from '../../tools/checks/checks.ts'
import type { Failure, TestFile } from './recipe.ts'
import { run } from './run.ts'

/** A failure as a check reports it. */
export interface Reported {
  readonly check: Failure['check'] | 'lint'
  /** The full name of the test; undefined where its file could not be loaded, and for other checks. */
  readonly test?: string
  readonly text: string
}

/** What jest's `--json` says of a file. */
interface FileResult {
  readonly name: string
  readonly message: string
  readonly assertionResults: readonly {
    readonly fullName: string
    readonly status: string
    readonly failureMessages: readonly string[]
  }[]
}

const argsOf = (name: string) => checks.find(check => check.name === name)?.args ?? []

/**
 * Type errors, one each.
 *
 * @param files the files to check, with what they import; default: all
 */
export async function typeErrors(folder: string, files?: readonly string[]): Promise<readonly Reported[]> {
  const [tsc = '', project = '', all = ''] = argsOf('types')
  const some = join(folder, '.cache', 'tsconfig.json')
  if (files !== undefined) {
    mkdirSync(dirname(some), { recursive: true })
    const config = { extends: '../tsconfig.json', include: [], files: files.map(file => join(folder, file)) }
    writeFileSync(some, JSON.stringify(config))
  }
  const args = [tsc, project, files === undefined ? all : some, '--pretty', 'false']
  const { status, output } = await run(folder, process.execPath, args)
  // The second and further lines of an error are indented.
  return reported('types', status, output, /\n(?=\S)/)
}

/** Files and exports that nothing uses. */
export async function unusedFindings(folder: string): Promise<readonly Reported[]> {
  const { status, output } = await run(folder, process.execPath, argsOf('unused'))
  return reported('unused', status, output, '\n')
}

/** What lint has against some files. */
export async function lintFindings(folder: string, files: readonly string[]): Promise<readonly Reported[]> {
  const args = argsOf('lint').filter(arg => arg !== '.')
  const { status, output } = await run(folder, process.execPath, [...args, ...files])
  return reported('lint', status, output, '\n\n\n')
}

function reported(check: Reported['check'], status: number | null, output: string, between: RegExp | string) {
  if (status === 0) return []
  return output
    .trim()
    .split(between)
    .map(text => ({ check, text }))
}

export interface TestRun {
  readonly passed: number
  readonly failed: readonly Reported[]
}

/**
 * Runs tests of the copy by jest.
 *
 * @param titles parts of the names of the tests to run; all where there is none
 * @param timeout of a test, in milliseconds; default: that of jest.config.js
 */
export async function runTests(
  folder: string,
  files: readonly TestFile[],
  titles: readonly string[],
  timeout?: number,
): Promise<TestRun> {
  const results = join(folder, '.cache', 'recipes.json')
  rmSync(results, { force: true })
  const named = titles.length === 0 ? [] : ['--testNamePattern', titles.map(escaped).join('|')]
  const { output } = await run(folder, process.execPath, [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--selectProjects',
    'unit',
    'long',
    '--runInBand',
    '--forceExit',
    `--cacheDirectory=${join(folder, '.cache', 'jest')}`,
    ...(timeout === undefined ? [] : [`--testTimeout=${timeout}`]),
    '--json',
    `--outputFile=${results}`,
    ...named,
    '--runTestsByPath',
    ...files,
  ])
  const { testResults } = readResults(results, output)
  const missing = files.filter(file => !testResults.some(({ name }) => name.endsWith(`/${file}`)))
  if (missing.length > 0) throw new Error(`jest did not run ${missing.join(', ')}: ${output}`)
  const passed = testResults.flatMap(file => file.assertionResults.filter(({ status }) => status === 'passed'))
  return { passed: passed.length, failed: testResults.flatMap(file => failuresOf(file, folder)) }
}

function failuresOf({ name, message, assertionResults }: FileResult, folder: string): Reported[] {
  const check = name.slice(folder.length + 1) as TestFile
  if (assertionResults.length === 0) return [{ check, text: message }]
  return assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => ({ check, test: fullName, text: failureMessages.join('\n') }))
}

function readResults(file: string, output: string): { readonly testResults: readonly FileResult[] } {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new Error(`jest gave no results: ${output}`)
  }
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Whether a report is the failure that was expected, with the text that names the place. */
export function isReportOf(failure: Failure, report: Reported): boolean {
  if (report.check !== failure.check) return false
  if ('test' in failure && failure.test !== null && !report.test?.includes(failure.test)) return false
  const text = `${report.test ?? ''}\n${report.text}`
  const names = 'file' in failure ? [failure.file, ...failure.names] : failure.names
  return names.every(name => text.includes(name))
}
