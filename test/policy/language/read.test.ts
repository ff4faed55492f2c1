import { expect, it } from '@jest/globals'
import { formOf, readPolicy } from '../../../policy/language/read.ts'

it('is in YAML by the name of its file, else in the text form', () => {
  expect(['a.policy', 'a.yml', 'a.YAML', 'yaml', 'a.yml.bak'].map(formOf)).toEqual([
    'text',
    'yaml',
    'yaml',
    'text',
    'text',
  ])
})

it('misses no zone whose own line could not be read', () => {
  const kinds = (text: string) => readPolicy(text, 'test', 'text').problems.map(({ kind }) => kind)
  const rule = 'allow\nfrom: zone=z\nto: any'
  expect(kinds(rule)).toEqual(['unknown-zone'])
  expect(kinds(`zne z\nmembers: any\n${rule}`)).toEqual(['syntax'])
})
