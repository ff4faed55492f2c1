import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { alertsOf, ruleGroups } from '../../../alert-rules/groups/catalogue.ts'
import { type Control, type ControlTest, controlsOf, qualifiedId } from '../../../compliance/controls/catalogue.ts'
import { shippedFile, shippedFrameworks } from '../../../compliance/controls/shipped.ts'
import { postureChecks } from '../../../core/labels/posture-checks.ts'
import { type SignalName, signals } from '../../../core/signals.ts'
import { reporters } from '../../../exporter/sources/reporters.ts'
import { metricDefinitions } from '../../../remediation/metrics/definitions.ts'
import { parseValues } from '../../../tools/alert-rules/files.ts'
import { pipelineMetrics } from '../../../tools/docs/defined-metrics.ts'
import { shippedCatalogue } from '../../../tools/generate/shipped-catalogue.ts'

/** What must hold for every control that is shipped. CONTRIBUTING.md has the recipe for a new one. */
const catalogue = shippedCatalogue()
const controls = controlsOf(catalogue)

interface PlacedTest {
  readonly name: string
  readonly test: ControlTest
}
const tests: readonly PlacedTest[] = controls.flatMap(control =>
  control.tests.map(test => ({ name: `${qualifiedId(control)} ${test.id}`, test })),
)
/** The tests for which something is wrong, by name. */
const wrong = (isWrong: (test: ControlTest) => boolean) =>
  tests.filter(({ test }) => isWrong(test)).map(({ name }) => name)
const wrongControls = (isWrong: (control: Control) => boolean) => controls.filter(isWrong).map(qualifiedId)

const groups = ruleGroups(
  parseValues(readFileSync(new URL('../../../alert-rules/values.yml', import.meta.url), 'utf8')),
)
const alerts = new Map(groups.flatMap(group => alertsOf([group]).map(({ alert }) => [alert, group.name] as const)))

const exporterMetrics = new Map(pipelineMetrics().map(definition => [definition.name, definition]))
const remediationMetrics = new Map(Object.values(metricDefinitions).map(definition => [definition.name, definition]))
const definitionOf = (name: string) => exporterMetrics.get(name) ?? remediationMetrics.get(name)

/** Groups of alerts on clawtrust itself, and on what reaches it. */
const OWN_GROUPS = ['clawtrust-bundle', 'clawtrust-telemetry', 'clawtrust-remediation', 'clawtrust-freshness']

/** Whether clawtrust itself reports it, so that no observer has to be there. */
function isOwn({ evidence }: ControlTest): boolean {
  if (evidence.from === 'ledger' || evidence.from === 'coverage') return true
  if (evidence.from === 'alerts') return OWN_GROUPS.includes(String(alerts.get(evidence.alertname)))
  return evidence.from === 'metric' && remediationMetrics.has(String(evidence.metric))
}

/** Observers whose records move a signal, also by way of signals from which it is derived. */
function observersOf(name: SignalName): readonly string[] {
  const { derivedFrom = [] } = signals[name] as { derivedFrom?: readonly string[] }
  const sources = [name, ...derivedFrom]
  return reporters
    .filter(reporter => reporter.signals.some(signal => sources.includes(signal)))
    .map(({ observer }) => observer)
}

describe('every shipped control', () => {
  it('says what it cannot prove, and what to do first', () => {
    expect(wrongControls(({ cannotProve }) => cannotProve.length === 0)).toEqual([])
    expect(wrongControls(({ remedy }) => !/^[A-Z].*\.$/.test(remedy))).toEqual([])
  })

  it('has tests, or says what a person has to look at', () => {
    expect(wrongControls(({ tests, manual }) => tests.length === 0 && !/^[A-Z].*\.$/.test(manual))).toEqual([])
  })

  it('has cannot-prove clauses that follow "It cannot prove"', () => {
    const odd = controls.flatMap(({ cannotProve }) => cannotProve).filter(clause => !/^[a-z].*[^.]$/.test(clause))
    expect(odd).toEqual([])
  })

  it('has another title than the others of its framework', () => {
    for (const framework of catalogue.frameworks) {
      const titles = framework.controls.map(({ title }) => title)
      const shared = titles.filter((title, index) => titles.indexOf(title) !== index)
      // SC-8(1) and SC-13 have one title in SP 800-53.
      expect(shared.filter(title => title !== 'Cryptographic Protection')).toEqual([])
    }
  })
})

describe('every test of a shipped control', () => {
  it('asks for a metric that clawtrust exposes, with labels that it has', () => {
    const labelsOf = (name: string) => definitionOf(name)?.labels ?? []
    expect(
      wrong(
        ({ evidence }) =>
          evidence.from === 'metric' &&
          evidence.metric !== undefined &&
          (definitionOf(evidence.metric) === undefined ||
            Object.keys(evidence.labels ?? {}).some(label => !labelsOf(String(evidence.metric)).includes(label)) ||
            (evidence.zero_while !== undefined && definitionOf(evidence.zero_while) === undefined)),
      ),
    ).toEqual([])
  })

  it('asks for the increase of counters, and for nothing else of them', () => {
    expect(
      wrong(({ evidence }) => {
        if (evidence.from !== 'metric' || evidence.metric === undefined) return false
        return (definitionOf(evidence.metric)?.type === 'counter') !== (evidence.measure === 'increase')
      }),
    ).toEqual([])
  })

  it('asks for values of labels that the signal has', () => {
    expect(
      wrong(({ evidence }) => {
        if (evidence.from !== 'metric' || evidence.signal === undefined) return false
        const known: Readonly<Record<string, readonly string[] | null>> = signals[evidence.signal].labels
        return Object.entries(evidence.labels ?? {}).some(([label, values]) => {
          return [values].flat().some(value => known[label]?.includes(value) !== true)
        })
      }),
    ).toEqual([])
  })

  it('asks for an alert of the rule pack', () => {
    expect(wrong(({ evidence }) => evidence.from === 'alerts' && !alerts.has(evidence.alertname))).toEqual([])
  })

  it('asks for findings of known checks', () => {
    const known: readonly string[] = postureChecks
    expect(
      wrong(
        ({ evidence }) => evidence.from === 'findings' && (evidence.checks ?? []).some(one => !known.includes(one)),
      ),
    ).toEqual([])
  })

  it('has telemetry, unless clawtrust itself reports it', () => {
    expect(wrong(test => test.telemetry.length === 0 && !isOwn(test))).toEqual([])
  })

  it('has only observers that report its signal', () => {
    expect(
      wrong(({ evidence, telemetry }) => {
        if (evidence.from !== 'metric' || evidence.signal === undefined) return false
        const reporting = observersOf(evidence.signal)
        return telemetry.some(observer => !reporting.includes(observer))
      }),
    ).toEqual([])
  })

  it('has the id of other tests of the same evidence', () => {
    for (const framework of catalogue.frameworks) {
      const seen = new Map<string, string>()
      for (const { id, evidence } of framework.controls.flatMap(control => control.tests)) {
        const key = JSON.stringify(evidence)
        expect(seen.get(key) ?? id).toBe(id)
        seen.set(key, id)
      }
    }
  })
})

it('every parameter of a shipped framework is used by a test', () => {
  for (const { parameters, controls } of catalogue.frameworks) {
    const used = controls.flatMap(control => control.tests.map(({ threshold }) => threshold.parameter))
    expect(parameters.map(({ id }) => id).filter(id => !used.includes(id))).toEqual([])
  }
})

it('a parameter has the same value and meaning in all shipped frameworks, as the configuration sets it for all', () => {
  const all = catalogue.frameworks.flatMap(({ parameters }) => parameters)
  for (const parameter of all) {
    expect(all.filter(({ id }) => id === parameter.id)).toEqual(
      all.filter(({ id }) => id === parameter.id).map(() => parameter),
    )
  }
})

it('every file in the folder of frameworks is shipped, and has the id of its name', () => {
  const files = readdirSync(new URL('../../../compliance/controls/frameworks/', import.meta.url))
  expect(files.toSorted()).toEqual(shippedFrameworks.map(id => `${id}.yml`).toSorted())
  expect(catalogue.frameworks.map(({ id }) => id)).toEqual([...shippedFrameworks])
})

describe('the controls of SP 800-53', () => {
  const ofNist = controls.filter(({ framework }) => framework === 'nist-sp-800-53')

  it('are those for which a deployment of OpenClaw has evidence, in the order of their families', () => {
    const families = ofNist.map(({ id }) => id.slice(0, 2))
    expect(families).toEqual(families.toSorted())
    expect(new Set(families)).toEqual(new Set(['AC', 'AU', 'CA', 'CM', 'IA', 'IR', 'RA', 'SC', 'SI']))
  })

  it('are marked where they are not in the baseline MODERATE', () => {
    const others = ofNist.filter(({ baselines }) => baselines?.includes('moderate') !== true)
    expect(others.map(({ id }) => id)).toEqual(['AC-2(12)', 'AU-10', 'IA-9'])
  })

  it('include every control that a signal is evidence for', () => {
    const ids = ofNist.map(({ id }) => id)
    const named = Object.values(signals).flatMap(({ controls }) => controls)
    expect(named.filter(id => !ids.includes(id))).toEqual([])
  })
})

it('no function of the maturity model claims a stage', () => {
  const ofModel = controls.filter(({ framework }) => framework === 'cisa-ztmm-2')
  expect(ofModel).toHaveLength(22 + 15)
  expect(ofModel.filter(({ cannotProve }) => !cannotProve.join().includes('a person assigns the stage'))).toEqual([])
})

it('the frameworks are files of YAML that other programs can read too', () => {
  for (const id of shippedFrameworks)
    expect(parse(readFileSync(shippedFile(id), 'utf8'))).toHaveProperty('framework.id', id)
})

it('the files are part of the package: the build copies what is not TypeScript of each room that it compiles', () => {
  const { include } = JSON.parse(readFileSync(new URL('../../../tsconfig.build.json', import.meta.url), 'utf8'))
  expect(include).toContain('compliance')
})
