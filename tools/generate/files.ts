import { readFileSync } from 'node:fs'
import { rooms } from '../../.dependency-cruiser.js'
import { renderedDashboards } from '../../dashboards/definitions/catalogue.ts'
import { parseValues, renderedFiles } from '../alert-rules/files.ts'
import { withRoomTable } from '../docs/architecture.ts'
import { generatedPages } from '../docs/pages.ts'

const repository = new URL('../../', import.meta.url)

/** The content of every generated file, by its path in the repository. */
export function generatedFiles(): Readonly<Record<string, string>> {
  const values = parseValues(readText('alert-rules/values.yml'))
  return {
    ...generatedPages(),
    'docs/architecture.md': withRoomTable(readText('docs/architecture.md'), rooms),
    ...below('alert-rules', renderedFiles(values)),
    ...below('dashboards/json', renderedDashboards()),
  }
}

export function readText(path: string): string {
  return readFileSync(new URL(path, repository), 'utf8')
}

function below(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]))
}
