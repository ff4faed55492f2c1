import type { Pillar } from '../../core/labels/compliance.ts'
import type { Observer } from '../../core/zero-trust.ts'
import type { EvidenceRequest } from '../evidence/registry.ts'
import type { Bound, baselines } from './framework-file.ts'

/** What is judged: frameworks with their controls, from all files together. Made by `readCatalogue`. */
export interface Catalogue {
  /** In the order of their files. */
  readonly frameworks: readonly Framework[]
}

export interface Framework {
  readonly id: string
  readonly title: string
  readonly version: string
  /** Where its text is published. */
  readonly source: string
  /** The file that defines it, then those that extend it. */
  readonly files: readonly DigestedFile[]
  /** SHA-256 of its only file; of several, of their digests in this order, one a line. Hexadecimal. */
  readonly sha256: string
  readonly parameters: readonly Parameter[]
  /** In the order of the files; one that replaces another takes its place. */
  readonly controls: readonly Control[]
  readonly replacements: readonly Replacement[]
}

export interface DigestedFile {
  readonly name: string
  /** SHA-256 of its text in UTF-8, hexadecimal. */
  readonly sha256: string
}

/** A value that the organization defines: an organization-defined parameter of SP 800-53, or one of clawtrust's own. */
export interface Parameter {
  readonly id: string
  readonly title: string
  readonly value: number
  readonly bound: Bound
}

export interface Control {
  /** Id of its framework. */
  readonly framework: string
  /** As the framework names it: `AC-7`. */
  readonly id: string
  readonly title: string
  readonly pillar: Pillar
  /** Baselines of SP 800-53B that have it; undefined for other frameworks. */
  readonly baselines?: readonly (typeof baselines)[number][]
  /** For OSCAL: `ac-7_obj.a`. */
  readonly objectives: readonly string[]
  readonly cannotProve: readonly string[]
  /** Empty where the file says nothing. */
  readonly remedy: string
  /** What a person has to look at; empty where there are tests. */
  readonly manual: string
  readonly tests: readonly ControlTest[]
}

export interface ControlTest {
  /** Unique in its control. */
  readonly id: string
  readonly title: string
  readonly evidence: EvidenceRequest
  readonly threshold: Threshold
  /** Milliseconds; null where age does not matter. */
  readonly freshness: number | null
  readonly telemetry: readonly Observer[]
  /** 0 to 1. */
  readonly telemetryShare: number
}

export interface Threshold {
  readonly bound: Bound
  readonly value: number
  /** Id of the parameter that sets it; empty if none does. */
  readonly parameter: string
}

/** What an extending file put in the place of something. */
export interface Replacement {
  /** `AC-7`, or `ac-07_odp.01`. */
  readonly id: string
  readonly kind: 'control' | 'parameter'
  /** The file and line that replace it. */
  readonly file: string
  readonly line: number
  readonly reason: string
}

/** The id of a control among those of all frameworks: `nist-sp-800-53/AC-7`. */
export const qualifiedId = ({ framework, id }: Pick<Control, 'framework' | 'id'>): string => `${framework}/${id}`

export const controlsOf = ({ frameworks }: Catalogue): readonly Control[] =>
  frameworks.flatMap(({ controls }) => controls)

/** Values of the configuration in place of those of the files, by the ids of parameters. */
export function withParameters(catalogue: Catalogue, values: Readonly<Record<string, number>>): Catalogue {
  const configured = (id: string, value: number) => (Object.hasOwn(values, id) ? (values[id] ?? value) : value)
  const withThreshold = (test: ControlTest): ControlTest => {
    const { threshold } = test
    return { ...test, threshold: { ...threshold, value: configured(threshold.parameter, threshold.value) } }
  }
  return {
    frameworks: catalogue.frameworks.map(framework => ({
      ...framework,
      parameters: framework.parameters.map(parameter => ({
        ...parameter,
        value: configured(parameter.id, parameter.value),
      })),
      controls: framework.controls.map(control => ({ ...control, tests: control.tests.map(withThreshold) })),
    })),
  }
}

/** Ids of a configuration that no framework has as a parameter. */
export function unknownParameters({ frameworks }: Catalogue, ids: readonly string[]): readonly string[] {
  const known = new Set(frameworks.flatMap(({ parameters }) => parameters.map(({ id }) => id)))
  return ids.filter(id => !known.has(id))
}
