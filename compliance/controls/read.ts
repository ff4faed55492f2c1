import { createHash } from 'node:crypto'
import { parseConfig } from '../../core/config/parse.ts'
import type { ConfigProblem } from '../../core/config/problem.ts'
import { nearest } from '../../core/config/sentence.ts'
import { formatPath, type KeyPath, quoted } from '../../core/config/shape.ts'
import type { Catalogue, Control, ControlTest, Framework, Parameter, Replacement, Threshold } from './catalogue.ts'
import {
  type FileControl,
  type FileParameter,
  type FileTest,
  type FrameworkFile,
  frameworkFileSchema,
} from './framework-file.ts'

/** A file of the catalogue that was read. */
export interface CatalogueFile {
  /** For messages: its path as it was given. */
  readonly name: string
  readonly text: string
}

export type CatalogueResult =
  | { readonly ok: true; readonly catalogue: Catalogue }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

/**
 * Reads all files of a catalogue, in this order: a file that extends a framework comes after the one that defines it.
 * Pure, and all or nothing: where one file is wrong there is no catalogue, and the caller keeps the one that it has.
 */
export function readCatalogue(files: readonly CatalogueFile[]): CatalogueResult {
  const reader = new CatalogueReader()
  for (const file of files) reader.add(file)
  return reader.result()
}

/** Where something is written. */
interface Place {
  readonly file: string
  readonly keys: KeyPath
  readonly lineOf: (keys: KeyPath) => number
}

interface Placed<Entry> extends Place {
  readonly entry: Entry
}

/** A framework while its files are read. */
interface Draft extends Pick<Framework, 'id' | 'title' | 'version' | 'source'> {
  readonly files: Framework['files'][number][]
  readonly parameters: Placed<FileParameter>[]
  readonly controls: Placed<FileControl>[]
  readonly replacements: Replacement[]
}

class CatalogueReader {
  readonly #drafts = new Map<string, Draft>()
  readonly #problems: ConfigProblem[] = []

  add({ name, text }: CatalogueFile): void {
    const parsed = parseConfig(frameworkFileSchema, text, name)
    if (!parsed.ok) {
      this.#problems.push(...parsed.problems)
      return
    }
    const { config, lineAt } = parsed
    const root: Place = { file: name, keys: [], lineOf: keys => lineAt(formatPath(keys)) ?? 1 }
    const draft = this.#draftOf(config, root)
    if (draft === undefined) return
    draft.files.push({ name, sha256: sha256(text) })
    const { parameters, controls, replacements } = draft
    for (const [index, entry] of config.parameters.entries()) {
      this.#put('parameter', parameters, { entry, ...below(root, 'parameters', index) }, replacements)
    }
    for (const [index, entry] of config.controls.entries()) {
      const placed = { entry, ...below(root, 'controls', index) }
      this.#checkTests(placed)
      if (draft.id === SP_800_53) this.#checkObjectives(placed)
      this.#put('control', controls, placed, replacements)
    }
  }

  result(): CatalogueResult {
    const frameworks = [...this.#drafts.values()].map(draft => this.#finished(draft))
    return this.#problems.length > 0 ? { ok: false, problems: this.#problems } : { ok: true, catalogue: { frameworks } }
  }

  /** The framework that a file defines or extends; undefined after a complaint. */
  #draftOf({ framework, extends: base = '' }: FrameworkFile, root: Place): Draft | undefined {
    if (framework === undefined) {
      const draft = this.#drafts.get(base)
      if (draft === undefined) {
        this.#refuse(
          below(root, 'extends'),
          `names no framework of an earlier file${guess(base, [...this.#drafts.keys()])}`,
        )
      }
      return draft
    }
    const other = this.#drafts.get(framework.id)
    if (other !== undefined) {
      const remedy = `write extends: ${framework.id} in place of framework to add to it, or choose another id`
      this.#refuse(below(root, 'framework', 'id'), `is already defined in ${other.files[0]?.name}; ${remedy}`)
      return undefined
    }
    const draft: Draft = { ...framework, files: [], parameters: [], controls: [], replacements: [] }
    this.#drafts.set(framework.id, draft)
    return draft
  }

  /** Adds an entry, or puts it in the place of the one that has its id, for which it has to give a reason. */
  #put<Entry extends { readonly id: string; readonly replaces?: string }>(
    kind: Replacement['kind'],
    entries: Placed<Entry>[],
    placed: Placed<Entry>,
    replacements: Replacement[],
  ): void {
    const { id, replaces: reason } = placed.entry
    const index = entries.findIndex(({ entry }) => entry.id === id)
    const other = entries[index]
    if (other === undefined) {
      if (reason === undefined) entries.push(placed)
      else
        this.#refuse(below(placed, 'replaces'), `has nothing to replace: no earlier file has a ${kind} ${quoted(id)}`)
    } else if (other.file === placed.file) {
      this.#refuse(below(placed, 'id'), `is the id of the ${kind} in line ${lineOf(other)} too; remove one of the two`)
    } else if (reason === undefined) {
      const where = `${other.file}:${lineOf(other)}`
      this.#refuse(
        below(placed, 'id'),
        `is the id of the ${kind} at ${where}; to replace that, add replaces: with the reason`,
      )
    } else {
      entries[index] = placed
      replacements.push({ id, kind, file: placed.file, line: lineOf(placed), reason })
    }
  }

  #checkTests(control: Placed<FileControl>): void {
    const ids = control.entry.tests.map(({ id }) => id)
    for (const [index, id] of ids.entries()) {
      const first = ids.indexOf(id)
      if (first === index) continue
      const line = lineOf(below(control, 'tests', first))
      this.#refuse(below(control, 'tests', index, 'id'), `is the id of the test in line ${line} too; choose another id`)
    }
  }

  /** In NIST's catalogue, the id of an objective begins with that of its control. */
  #checkObjectives(control: Placed<FileControl>): void {
    const { id, objectives } = control.entry
    const [, family, number, enhancement] = /^([A-Z]{2})-(\d{1,2})(?:\((\d{1,2})\))?$/.exec(id) ?? []
    if (family === undefined) {
      this.#refuse(below(control, 'id'), 'must be the id of a control of SP 800-53, such as AC-7 or SC-7(5)')
      return
    }
    const root = `${family.toLowerCase()}-${number}${enhancement === undefined ? '' : `.${enhancement}`}_obj`
    for (const [index, objective] of objectives.entries()) {
      if (objective === root || objective.startsWith(`${root}.`) || objective.startsWith(`${root}-`)) continue
      this.#refuse(below(control, 'objectives', index), `is no objective of ${id}: their ids begin with ${root}`)
    }
  }

  #finished(draft: Draft): Framework {
    const { id, title, version, source, files, replacements } = draft
    const parameters = draft.parameters.map(({ entry: { replaces: _, ...parameter } }) => parameter)
    const digests = files.map(file => file.sha256)
    return {
      id,
      title,
      version,
      source,
      files,
      sha256: digests.length === 1 ? String(digests[0]) : sha256(digests.join('\n')),
      parameters,
      controls: draft.controls.map(control => this.#control(id, control, parameters)),
      replacements,
    }
  }

  #control(framework: string, control: Placed<FileControl>, parameters: readonly Parameter[]): Control {
    const { id, title, pillar, baselines, objectives, cannot_prove, remedy = '', manual = '', tests } = control.entry
    return {
      framework,
      id,
      title,
      pillar,
      ...(baselines !== undefined && { baselines }),
      objectives,
      cannotProve: cannot_prove,
      remedy,
      manual,
      tests: tests.map((entry, index) => this.#test({ entry, ...below(control, 'tests', index) }, parameters)),
    }
  }

  #test(test: Placed<FileTest>, parameters: readonly Parameter[]): ControlTest {
    const { id, title, evidence, freshness = null, telemetry, telemetry_share } = test.entry
    const threshold = this.#threshold(test, parameters)
    return { id, title, evidence, threshold, freshness, telemetry, telemetryShare: telemetry_share }
  }

  #threshold(test: Placed<FileTest>, parameters: readonly Parameter[]): Threshold {
    const { at_most, at_least, parameter = '' } = test.entry
    if (at_most !== undefined) return { bound: 'at_most', value: at_most, parameter: '' }
    if (at_least !== undefined) return { bound: 'at_least', value: at_least, parameter: '' }
    const found = parameters.find(({ id }) => id === parameter)
    if (found !== undefined) return { bound: found.bound, value: found.value, parameter: found.id }
    const known = parameters.map(({ id }) => id)
    this.#refuse(below(test, 'parameter'), `names no parameter of the framework${guess(parameter, known)}`)
    return NOTHING_PASSES
  }

  #refuse(place: Place, sentence: string): void {
    const { file, keys } = place
    this.#problems.push({
      code: 'CONFIG_INVALID',
      file,
      line: lineOf(place),
      sentence: `${formatPath(keys)} ${sentence}`,
    })
  }
}

/** Of a test that was refused. */
const NOTHING_PASSES: Threshold = { bound: 'at_most', value: Number.NEGATIVE_INFINITY, parameter: '' }

/** The framework whose objectives have ids in NIST's catalogue. */
const SP_800_53 = 'nist-sp-800-53'

const below = ({ file, keys, lineOf }: Place, ...more: KeyPath): Place => ({ file, keys: [...keys, ...more], lineOf })

const lineOf = (place: Place): number => place.lineOf(place.keys)

/** How many known names are listed. */
const MAX_KNOWN = 8

function guess(written: string, known: readonly string[]): string {
  const near = nearest(written, known)
  if (near !== undefined) return `; did you mean ${quoted(near)}?`
  if (known.length === 0) return '; there is none'
  const more = known.length > MAX_KNOWN ? ` and ${known.length - MAX_KNOWN} more` : ''
  return `; known: ${known.slice(0, MAX_KNOWN).join(', ')}${more}`
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
