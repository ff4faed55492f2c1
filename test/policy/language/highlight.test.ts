import { expect, it } from '@jest/globals'
import { classHighlighter, highlightTree } from '@lezer/highlight'
import { highlightedParser } from '../../../policy/language/highlight.ts'

it('gives an editor the parts of a policy', () => {
  const text = 'allow agents # all\n  from: zone=control and any\n  reason: needed'
  const parts: string[] = []
  highlightTree(highlightedParser.parse(text), classHighlighter, (from, to, classes) => {
    parts.push(`${text.slice(from, to)}: ${classes.replaceAll('tok-', '')}`)
  })
  expect(parts).toEqual([
    'allow: keyword',
    'agents: variableName definition',
    '# all: comment',
    'from:: propertyName',
    'zone: propertyName',
    '=: operator',
    'control: string',
    'and: operator',
    'any: string',
    'reason:: propertyName',
    'needed: string',
  ])
})
