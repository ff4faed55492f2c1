import { describe, expect, it } from '@jest/globals'
import {
  type Catalogue,
  controlsOf,
  qualifiedId,
  unknownParameters,
  withParameters,
} from '../../../compliance/controls/catalogue.ts'
import { type CatalogueFile, readCatalogue } from '../../../compliance/controls/read.ts'
import { DAY_MS } from '../../../core/clock.ts'
import { SMALL_FRAMEWORK } from './framework-text.ts'

const base: CatalogueFile = { name: 'house-rules.yml', text: SMALL_FRAMEWORK }

function catalogueOf(...files: readonly CatalogueFile[]): Catalogue {
  const result = readCatalogue(files)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.catalogue
}

const ids = (catalogue: Catalogue) => controlsOf(catalogue).map(qualifiedId)

const added = `extends: house-rules
controls:
  - { id: H-2, title: Minutes, pillar: governance, manual: Read the minutes. }
`

const replaced = `extends: house-rules
parameters:
  - { id: most-failures, title: failed sign-ins a month, value: 5, replaces: Policy 4.2 asks for five }
controls:
  - id: H-1
    title: Sign-ins of people
    pillar: identity
    replaces: Only people count
    tests:
      - id: failures
        title: Failed sign-ins of people
        evidence: { from: metric, signal: auth_failures, labels: { mechanism: password }, measure: increase }
        parameter: most-failures
        freshness: 2d
        telemetry: [identity-provider]
        telemetry_share: 0.9
`

describe('the catalogue', () => {
  it('has the controls of a file with their defaults and the values of their parameters', () => {
    expect(catalogueOf(base).frameworks).toEqual([
      {
        id: 'house-rules',
        title: 'House rules',
        version: '1',
        source: 'https://example.com/rules',
        files: [{ name: 'house-rules.yml', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        parameters: [{ id: 'most-failures', title: 'failed sign-ins a month', value: 500, bound: 'at_most' }],
        replacements: [],
        controls: [
          {
            framework: 'house-rules',
            id: 'H-1',
            title: 'Sign-ins',
            pillar: 'identity',
            objectives: [],
            cannotProve: [],
            remedy: '',
            manual: '',
            tests: [
              {
                id: 'failures',
                title: 'Failed sign-ins',
                evidence: { from: 'metric', signal: 'auth_failures', measure: 'increase' },
                threshold: { bound: 'at_most', value: 500, parameter: 'most-failures' },
                freshness: null,
                telemetry: ['gateway'],
                telemetryShare: 0.95,
              },
            ],
          },
        ],
      },
    ])
  })

  it('has the controls that another file adds after those of the framework', () => {
    expect(ids(catalogueOf(base, { name: 'added.yml', text: added }))).toEqual(['house-rules/H-1', 'house-rules/H-2'])
  })

  it('has what a file replaces in the same place, with the reason and its line', () => {
    const files = [base, { name: 'added.yml', text: added }, { name: 'ours.yml', text: replaced }]
    const catalogue = catalogueOf(...files)
    expect(ids(catalogue)).toEqual(['house-rules/H-1', 'house-rules/H-2'])
    const [framework] = catalogue.frameworks
    expect(framework?.controls[0]).toMatchObject({
      title: 'Sign-ins of people',
      tests: [
        {
          threshold: { bound: 'at_most', value: 5, parameter: 'most-failures' },
          freshness: 2 * DAY_MS,
          telemetry: ['identity-provider'],
          telemetryShare: 0.9,
        },
      ],
    })
    expect(framework?.replacements).toEqual([
      { id: 'most-failures', kind: 'parameter', file: 'ours.yml', line: 3, reason: 'Policy 4.2 asks for five' },
      { id: 'H-1', kind: 'control', file: 'ours.yml', line: 5, reason: 'Only people count' },
    ])
  })

  it('applies a parameter that is replaced to the tests of the files before', () => {
    const [parameter] = replaced.split('controls:')
    const catalogue = catalogueOf(base, { name: 'ours.yml', text: String(parameter) })
    expect(controlsOf(catalogue)[0]?.tests[0]?.threshold.value).toBe(5)
  })

  it('has another digest where any of its files is another', () => {
    const digest = (...files: readonly CatalogueFile[]) => catalogueOf(...files).frameworks[0]?.sha256
    const digests = [
      digest(base),
      digest({ ...base, text: `${SMALL_FRAMEWORK}\n` }),
      digest(base, { name: 'a.yml', text: added }),
      digest(base, { name: 'a.yml', text: `${added}\n` }),
    ]
    expect(new Set(digests).size).toBe(digests.length)
    expect(digest({ ...base, name: 'renamed.yml' })).toBe(digests[0])
  })

  it('is refused as a whole where one of its files is wrong, with the problems of all files', () => {
    const result = readCatalogue([
      base,
      { name: 'wrong.yml', text: 'extends: house-rule\n' },
      { name: 'torn.yml', text: 'extends: house-rules\ncontrols:\n  - { id: H-3' },
    ])
    expect(result).toMatchObject({
      ok: false,
      problems: [
        { file: 'wrong.yml', line: 1 },
        { file: 'torn.yml', line: 3 },
      ],
    })
  })

  it('is the same for the same files', () => {
    const files = [base, { name: 'ours.yml', text: replaced }]
    expect(JSON.stringify(catalogueOf(...files))).toBe(JSON.stringify(catalogueOf(...files)))
  })
})

describe('values of the configuration', () => {
  it('take the place of those of parameters, and of the thresholds that they set', () => {
    const catalogue = withParameters(catalogueOf(base), { 'most-failures': 7, other: 1 })
    expect(catalogue.frameworks[0]?.parameters[0]?.value).toBe(7)
    expect(controlsOf(catalogue)[0]?.tests[0]?.threshold).toEqual({
      bound: 'at_most',
      value: 7,
      parameter: 'most-failures',
    })
  })

  it('are found where no framework has their parameter', () => {
    expect(unknownParameters(catalogueOf(base), ['most-failures', 'other', 'toString'])).toEqual(['other', 'toString'])
  })
})
