import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { type CatalogueFile, readCatalogue } from '../../compliance/controls/read.ts'
import { shippedFrameworks } from '../../compliance/controls/shipped.ts'
import { formatProblem } from '../../core/config/problem.ts'
import { read } from '../structure/source-files.ts'
import { blocksOf } from './page-blocks.ts'

const PAGE = 'docs/compliance.md'

/** The examples of files of the catalogue: what has their keys. */
const examples = blocksOf(read(PAGE))
  .filter(({ language, text }) => language === 'yaml' && /^(?:framework|extends):/m.test(text))
  .map(({ line, text }): CatalogueFile => ({ name: `${PAGE}:${line}`, text }))

const shipped = shippedFrameworks.map((id): CatalogueFile => {
  return { name: `${id}.yml`, text: read(`compliance/controls/frameworks/${id}.yml`) }
})

describe('an example of a file of the catalogue', () => {
  it('is on the page: one that defines a framework, and one that extends one', () => {
    expect(examples.map(({ text }) => Object.keys(parse(text))[0])).toEqual(['framework', 'extends'])
  })

  it.each(examples)('is valid beside the shipped ones: $name', example => {
    const result = readCatalogue([...shipped, example])
    expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([])
  })
})

describe('the keys of a file', () => {
  it('are on the page, each with a description that is a sentence', () => {
    const rows = read(PAGE).match(/^\| `(?:framework|extends|parameters|controls)[^\n]*$/gm) ?? []
    expect(rows.length).toBeGreaterThan(20)
    expect(rows.filter(row => !/\| \S[^|]*\. \|$/.test(row))).toEqual([])
  })
})
