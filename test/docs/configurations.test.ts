import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { configSchema } from '../../cli/config-schema.ts'
import { parseConfig } from '../../core/config/parse.ts'
import { read, repositoryFiles } from '../structure/source-files.ts'
import { blocksOf } from './page-blocks.ts'

const sections = Object.keys(configSchema.shape)
const pages = repositoryFiles().filter(file => /^(?:README\.md|docs\/[^/]+\.md)$/.test(file))

/** The examples of `clawtrust.yml`: what has its sections. */
const examples = pages.flatMap(page =>
  blocksOf(read(page))
    .filter(({ language, text }) => language === 'yaml' && Object.keys(parse(text)).some(key => sections.includes(key)))
    .map(({ line, text }) => [`${page}:${line}`, text] as const),
)

describe('an example of clawtrust.yml', () => {
  it('is on several pages', () => expect(examples.length).toBeGreaterThan(4))

  it.each(examples)('is valid: %s', (place, text) => {
    expect(parseConfig(configSchema, text, place)).toMatchObject({ ok: true })
  })
})
