import { readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

it('the configuration has every key of 0.1.0', () => {
  // The page is made from the schemas, which test/tools/generate.test.ts checks.
  const page = read('../../../docs/configuration.md')
  const known = new Set([...page.matchAll(/^\| `([^`]+)`/gm)].map(([, key]) => key))
  const frozen = read('keys-of-0.1.0.txt')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
  expect(frozen.length).toBeGreaterThan(150)
  expect(frozen.filter(key => !known.has(key))).toEqual([])
})
