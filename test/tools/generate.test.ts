import { existsSync, readdirSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { withPart } from '../../tools/docs/generated-part.ts'
import { generatedFiles, readText } from '../../tools/generate/files.ts'
import { root } from '../structure/source-files.ts'

const files = generatedFiles()

it.each(Object.entries(files))('%s is up to date; if not, `npm run generate` writes it', (path, text) => {
  expect(existsSync(`${root}${path}`) ? readText(path) : 'missing').toBe(text)
})

it('has no dashboard that is not generated', () => {
  const written = readdirSync(`${root}dashboards/json`).map(name => `dashboards/json/${name}`)
  expect(written.filter(path => !(path in files))).toEqual([])
})

it('refuses a page without a place for its generated part', () => {
  const part = { name: 'rooms', from: 'a.js', text: 'b' }
  expect(() => withPart('docs/a.md', '# A\n', part)).toThrow('docs/a.md has no <!-- rooms: made by')
})
