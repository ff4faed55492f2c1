import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { configSchema } from '../../cli/config-schema.ts'
import { referenceRows } from '../../core/config/reference.ts'
import { keysOf } from '../../core/config/shape.ts'
import { errorCatalogue } from '../../core/error-catalogue.ts'
import { signals } from '../../core/signals.ts'

const written = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const rows = referenceRows(configSchema)

/** How a value is written on the page, by its type in the words of zod. */
const typeWords = {
  map: /^map$/,
  list: /^list\b/,
  number: /^<number>$/,
  boolean: /^<boolean>$/,
  choice: /^[\w-]+(?: \| [\w-]+)*$/,
  text: /^<(?!number|boolean)[\w-]+>$/,
}

/** What a schema says that it expects where it gets something of no type at all. */
function expectedTypes(schema: z.core.$ZodType): string[] {
  const names: Readonly<Record<string, string>> = {
    object: 'map',
    record: 'map',
    array: 'list',
    int: 'number',
    number: 'number',
    boolean: 'boolean',
    string: 'text',
  }
  const issues = z.safeParse(schema, Symbol('of no type')).error?.issues ?? []
  return issues.map(issue => {
    if (issue.code === 'invalid_type') return names[issue.expected] ?? issue.expected
    // `custom`: the two forms of an envelope, which is written as a text or as a map.
    return issue.code === 'invalid_value' ? 'choice' : issue.code === 'custom' ? 'text' : issue.code
  })
}

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

  it('has on the page the type word of its schema', () => {
    const wrong = Array.from(keysOf(configSchema), ({ key, schema }) => ({ key, schema })).flatMap(
      ({ key, schema }) => {
        const written = rows.find(row => row.key === key)?.written ?? ''
        const types = expectedTypes(schema)
        const words = Object.entries(typeWords).flatMap(([word, form]) => (form.test(written) ? [word] : []))
        return types.some(type => words.includes(type)) ? [] : [`${key} is ${types.join(' or ')}, written ${written}`]
      },
    )
    expect(wrong).toEqual([])
  })

  it('stands once on the page', () => {
    const page = written('docs/configuration.md')
    const keys = rows.map(({ key }) => key).filter(key => key.includes('.'))
    expect(keys.filter(key => page.split(`| \`${key}\` |`).length !== 2)).toEqual([])
  })
})
