import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { readCatalogue } from '../../../compliance/controls/read.ts'
import { formatProblem } from '../../../core/config/problem.ts'

/** One wrong file of a catalogue each; its first line says, after `# expect:`, exactly what must be said about it. */
const folder = new URL('./invalid/', import.meta.url)
const files = readdirSync(folder).filter(name => name.endsWith('.yml'))

/** A right file that is read before it. */
const base = {
  name: 'base.yml',
  text: `framework: { id: base, title: Base, version: "1", source: https://example.com/base }
parameters:
  - { id: most-failures, title: failed sign-ins a month, value: 500 }
controls:
  - { id: B-1, title: Sign-ins, pillar: identity, manual: Read the minutes. }
`,
}

describe('a wrong file of the catalogue is refused with the exact sentence', () => {
  it.each(files)('%s', name => {
    const text = readFileSync(new URL(name, folder), 'utf8')
    const expected = [...text.matchAll(/^# expect: ([^\n]*)/gm)].map(([, sentence]) => sentence)
    const result = readCatalogue([base, { name: 'framework.yml', text }])
    expect(result.ok ? [] : result.problems.map(formatProblem).join('\n').split('\n')).toEqual(expected)
    expect(expected).not.toEqual([])
  })
})
