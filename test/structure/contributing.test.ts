import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { read, repositoryFiles, root } from './source-files.ts'

const page = read('CONTRIBUTING.md')
/** Names of the members that the recipes add as examples. */
const EXAMPLE = /apache|openclaw-file|vector|revoke|token_replays|mattermost|journal|\bpf\b/
const files = repositoryFiles()

describe('CONTRIBUTING.md', () => {
  const paths = [...page.matchAll(/`((?:[\w.-]+\/)+[\w.*-]*)`/g)]
    .map(([, path = '']) => path)
    .filter(path => !EXAMPLE.test(path))

  it.each([...new Set(paths)])('names %s, which exists', path => {
    expect(existsSync(`${root}${path}`)).toBe(true)
  })

  const checks = [...page.matchAll(/`([\w/.-]+\.test\.ts)`: ([^|;]+?) \|/g)].map(
    ([, file = '', title = '']) => [file, title] as const,
  )

  it.each(checks)('names a check of %s that exists: %s', (file, title) => {
    const found = files.find(path => path === file || (!file.includes('/') && basename(path) === file))
    expect(found).toBeDefined()
    // `dialect haproxy has fixtures` is a test `has fixtures` of each dialect.
    const words = title.replace(new RegExp(`^(?:.*? )?(?:${EXAMPLE.source}) `), '')
    expect(read(found ?? '').replaceAll("\\'", "'")).toContain(words)
  })

  it('has a recipe for each contract', () => {
    const recipes = [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title)
    expect(recipes).toEqual(
      expect.arrayContaining([
        'Add a signal',
        'Add a dialect',
        'Add an envelope',
        'Add a source',
        'Add a remediation step',
        'Add a destination template',
        'Add a compile target',
        'Add a control',
      ]),
    )
    expect(checks.length).toBeGreaterThan(recipes.length)
  })
})
