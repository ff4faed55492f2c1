/** Renders the alert rules: `node tools/alert-rules/main.ts [--values FILE] [--out FOLDER]`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { parseValues, renderedFiles } from './files.ts'

const rules = fileURLToPath(new URL('../../alert-rules/', import.meta.url))
const { values: options } = parseArgs({ options: { values: { type: 'string' }, out: { type: 'string' } } })
const values = parseValues(readFileSync(options.values ?? join(rules, 'values.yml'), 'utf8'))

for (const [path, text] of Object.entries(renderedFiles(values))) {
  const file = join(options.out ?? rules, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  console.log(`wrote ${file}`)
}
