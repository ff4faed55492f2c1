import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { configSchema } from '../../../cli/config-schema.ts'
import { parseConfig } from '../../../core/config/parse.ts'
import { formatProblem } from '../../../core/config/problem.ts'

/** One wrong configuration a file; its first lines say, after `# expect:`, exactly what must be said about it, the excerpt included. */
const folder = new URL('./invalid/', import.meta.url)
const files = readdirSync(folder).filter(name => name.endsWith('.yml'))

describe('a wrong configuration is refused with the exact sentence', () => {
  it.each(files)('%s', name => {
    const text = readFileSync(new URL(name, folder), 'utf8')
    const expected = [...text.matchAll(/^\ufeff?# expect: ([^\r\n]*)/gm)].map(([, sentence]) => sentence)
    const result = parseConfig(configSchema, text, 'clawtrust.yml')
    expect(result.ok ? [] : result.problems.map(formatProblem).join('\n').split('\n')).toEqual(expected)
    expect(expected).not.toEqual([])
  })
})
