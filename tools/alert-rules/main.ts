/** `npm run alert-rules -- --values FILE --out FOLDER`: renders the alert rules with a user's own values. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseValues, renderedFiles } from './files.ts'

const { values: options } = parseArgs({ options: { values: { type: 'string' }, out: { type: 'string' } } })
if (options.values === undefined || options.out === undefined) {
  throw new Error('usage: npm run alert-rules -- --values FILE --out FOLDER')
}
const values = parseValues(readFileSync(options.values, 'utf8'))

for (const [path, text] of Object.entries(renderedFiles(values))) {
  const file = join(options.out, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  console.log(`wrote ${file}`)
}
