import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { errorCatalogue } from '../../core/error-catalogue.ts'

const root = new URL('../../', import.meta.url)
const sources = globSync('{cli,compliance,core,decoding,elastic,exporter,policy,remediation,service}/**/*.ts', {
  cwd: root,
})
  .filter(path => path !== 'core/error-catalogue.ts')
  .map(path => readFileSync(new URL(path, root), 'utf8'))

describe.each(Object.entries(errorCatalogue))('the error %s', (code, { meaning, remedy }) => {
  it('is given by some part', () => {
    expect(sources.some(text => text.includes(`'${code}'`))).toBe(true)
  })

  it('says in sentences what it means and what to do', () => {
    for (const sentence of [meaning, remedy]) expect(sentence).toMatch(/^[A-Z`].*\.$/s)
  })
})
