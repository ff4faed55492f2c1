import { existsSync, readdirSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { withRoomTable } from '../../tools/docs/architecture.ts'
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

it('refuses an architecture page without a place for the table of rooms', () => {
  expect(() => withRoomTable('# Architecture\n', [])).toThrow('docs/architecture.md has no <!-- rooms')
})
