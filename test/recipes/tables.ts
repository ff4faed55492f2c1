import { basename } from 'node:path'
import type { Failure } from './recipe.ts'

/** A row of the table `forgotten | fails` of a recipe. */
export interface TableRow {
  readonly forgotten: string
  readonly fails: string
}

/** The tables of forgotten places in CONTRIBUTING.md, by the heading of their recipe. */
export function tablesOf(page: string): ReadonlyMap<string, readonly TableRow[]> {
  const sections = page.split(/^## /m).slice(1)
  return new Map(
    sections.flatMap(section => {
      const [heading = ''] = section.split('\n', 1)
      const [, table] = section.split('| forgotten | fails |\n| --- | --- |\n')
      if (table === undefined) return []
      const lines = table.split('\n')
      const rows = lines.slice(0, lines.indexOf('')).map(line => {
        const [, forgotten = '', fails = ''] = line.split('|').map(cell => cell.trim())
        return { forgotten, fails }
      })
      return [[heading, rows] as const]
    }),
  )
}

/** What a cell may name as failing: the type check, the search for what is unused, a test, a folder of tests. */
const CHECK =
  /`[\w/.-]+(?:\.test\.ts|\.yml)`(?:: [^`]+)?|`test\/[\w/-]+\/`|npm test -- unused|type check|\btypes\b|every test/g

/** The checks that a cell of the column `fails` names, with the title of a test where it has one. */
export const checksIn = (fails: string): readonly string[] => [...fails.matchAll(CHECK)].map(([check]) => check)

/** Whether it is this failure that a cell names. */
export function isNamedBy(named: string, failure: Failure): boolean {
  if (named === 'types' || named === 'type check') return failure.check === 'types'
  if (named.endsWith('unused')) return failure.check === 'unused'
  if (!('test' in failure)) return false
  if (named === 'every test') return failure.test === null
  const [, path = '', title = ''] = /^`([^`]+)`(?:: (.*?)(?:, and|, or)? ?$)?/.exec(named) ?? []
  if (path.endsWith('.yml')) return failure.test === basename(path)
  if (path.endsWith('/')) return failure.check.startsWith(path)
  return (
    failure.check.endsWith(path) &&
    (title === '' || title.endsWith(failure.test ?? '') || failure.test?.endsWith(title) === true)
  )
}
