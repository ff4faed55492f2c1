import { describe, expect, it } from '@jest/globals'
import { formatPolicy } from '../../policy/language/format.ts'
import { readPolicy } from '../../policy/language/read.ts'
import { read } from '../structure/source-files.ts'
import { blocksOf } from './page-blocks.ts'

const page = 'docs/policy-language.md'
const blocks = blocksOf(read(page))
const texts = blocks.filter(({ text }) => text.startsWith('policy '))
const yamls = blocks.filter(({ language }) => language === 'yaml')

describe('a policy on docs/policy-language.md', () => {
  it('is there in both forms', () => expect([texts.length, yamls.length]).toEqual([1, 1]))

  it.each(texts.map(({ line, text }) => [line, text] as const))(
    'is read, and has the layout but for its comments: line %i',
    (_, text) => {
      expect(readPolicy(text, 'page', 'text').problems).toEqual([])
      const formatted = formatPolicy(`${text.trimEnd()}\n`)
      expect(formatted.ok && formatted.text).toBe(`${text.trimEnd().replace(/ +#/g, ' #')}\n`)
    },
  )

  it.each(yamls.map(({ line, text }) => [line, text] as const))('is read in YAML: line %i', (_, text) => {
    expect(readPolicy(text, 'page', 'yaml').problems).toEqual([])
  })
})
