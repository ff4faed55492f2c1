import { readdirSync, readFileSync } from 'node:fs'
import { floors, rooms } from '../../.dependency-cruiser.js'
import { frameworkFileSchema } from '../../compliance/controls/framework-file.ts'
import { evidenceSchema } from '../../compliance/evidence/registry.ts'
import { renderedDashboards } from '../../dashboards/definitions/catalogue.ts'
import { parseValues, renderedFiles } from '../alert-rules/files.ts'
import { floorTable, roomTable } from '../docs/architecture.ts'
import { controlsPage, evidenceKeys, fileKeys } from '../docs/compliance.ts'
import { type GeneratedPart, withPart } from '../docs/generated-part.ts'
import { type Import, importsOf } from '../docs/imports.ts'
import { blindSpotTable, generatedPages } from '../docs/pages.ts'
import { compiledExamples, EXAMPLE } from '../docs/policy-examples.ts'
import { policyLanguageParts } from '../docs/policy-language.ts'
import { targetParts } from '../docs/policy-targets.ts'
import { policyParser } from './policy-parser.ts'
import { shippedCatalogue } from './shipped-catalogue.ts'

const GRAMMAR = 'policy/language/policy.grammar'
const repository = new URL('../../', import.meta.url)

/** The content of every generated file, by its path in the repository. */
export function generatedFiles(): Readonly<Record<string, string>> {
  const values = parseValues(readText('alert-rules/values.yml'))
  return {
    ...generatedPages(),
    ...withParts(
      'docs/architecture.md',
      roomTable(rooms),
      ...Object.entries(floors).map(([room, folders]) => floorTable(room, folders, importsBelow(room))),
    ),
    ...withParts('README.md', blindSpotTable()),
    ...withParts('docs/compliance.md', fileKeys(frameworkFileSchema), evidenceKeys(evidenceSchema)),
    ...withParts('docs/policy-language.md', ...policyLanguageParts(readText(GRAMMAR))),
    ...withParts('docs/policy.md', ...targetParts()),
    ...compiledExamples(readText(EXAMPLE)),
    'docs/controls.md': controlsPage(shippedCatalogue()),
    'policy/language/parser.ts': policyParser(readText(GRAMMAR)),
    ...below('alert-rules', renderedFiles(values)),
    ...below('dashboards/json', renderedDashboards()),
  }
}

function withParts(path: string, ...parts: readonly GeneratedPart[]): Record<string, string> {
  return { [path]: parts.reduce((page, part) => withPart(path, page, part), readText(path)) }
}

function importsBelow(room: string): readonly Import[] {
  const paths = readdirSync(new URL(`${room}/`, repository), { encoding: 'utf8', recursive: true })
  const sources = paths.filter(path => path.endsWith('.ts')).map(path => `${room}/${path}`)
  return sources.flatMap(path => importsOf(path, readText(path)))
}

export function readText(path: string): string {
  return readFileSync(new URL(path, repository), 'utf8')
}

function below(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]))
}
