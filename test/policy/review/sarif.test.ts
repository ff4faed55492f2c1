import { expect, it } from '@jest/globals'
import { parsePolicy } from '../../../policy/language/parse.ts'
import { problemKinds } from '../../../policy/language/problem-kinds.ts'
import { lintRules } from '../../../policy/review/lint.ts'
import { sarifLog } from '../../../policy/review/sarif.ts'

const source = 'alow x\r\nallow\n  from: 10.0.0\n  to: any'
const log = JSON.parse(
  JSON.stringify(
    sarifLog([{ file: 'policies of a/b.policy', source, problems: parsePolicy(source, 'test').problems }], '1.2.3'),
  ),
)
const [run] = log.runs

it('is a log of SARIF 2.1.0 with every kind of problem as a rule', () => {
  expect(Object.keys(log)).toEqual(['$schema', 'version', 'runs'])
  expect(log.version).toBe('2.1.0')
  expect(run.columnKind).toBe('utf16CodeUnits')
  const ids = run.tool.driver.rules.map(({ id }: { id: string }) => id)
  expect(ids).toEqual([...Object.keys(problemKinds), ...Object.keys(lintRules)])
  expect(new Set(ids).size).toBe(ids.length)
})

it('has each problem at its place, with what to write as a fix', () => {
  const artifactLocation = { uri: 'policies%20of%20a/b.policy', index: 0 }
  const region = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 5 }
  expect(run.artifacts).toEqual([{ location: { uri: artifactLocation.uri } }])
  expect(run.results[0]).toEqual({
    ruleId: 'syntax',
    ruleIndex: 0,
    level: 'error',
    message: { text: 'alow is no keyword and no key; did you mean "allow"?' },
    locations: [{ physicalLocation: { artifactLocation, region } }],
    fixes: [
      {
        description: { text: 'write allow' },
        artifactChanges: [
          { artifactLocation, replacements: [{ deletedRegion: region, insertedContent: { text: 'allow' } }] },
        ],
      },
    ],
  })
  expect(run.results[1].locations[0].physicalLocation.region).toEqual({
    startLine: 3,
    startColumn: 9,
    endLine: 3,
    endColumn: 15,
  })
  for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId)
})
