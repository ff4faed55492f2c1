import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { configSchema } from '../../cli/config-schema.ts'
import { referenceRows } from '../../core/config/reference.ts'
import { errorCatalogue } from '../../core/error-catalogue.ts'
import { signals } from '../../core/signals.ts'

const written = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const rows = referenceRows(configSchema)

describe('the generated pages', () => {
  it('explain every error', () => {
    const page = written('docs/errors.md')
    for (const code of Object.keys(errorCatalogue)) expect(page).toContain(`| \`${code}\` |`)
  })

  it('explain every signal', () => {
    const page = written('docs/metrics.md')
    for (const { metric, help } of Object.values(signals)) expect(page).toContain(`### \`${metric}\`\n\n${help}`)
  })
})

describe('every key of the configuration', () => {
  it('has a description that is a sentence', () => {
    const without = rows.filter(({ description }) => !/^\S.*\.$/.test(description))
    expect(without.map(({ key }) => key)).toEqual([])
  })

  it('stands once on the page', () => {
    const page = written('docs/configuration.md')
    const keys = rows.map(({ key }) => key).filter(key => key.includes('.'))
    expect(keys.filter(key => page.split(`| \`${key}\` |`).length !== 2)).toEqual([])
  })
})
