/** `npm run generate`: writes the generated files (docs, alert rules, dashboards) and lists those that changed. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatedFiles, readText } from './files.ts'

for (const [path, text] of Object.entries(generatedFiles())) {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url))
  if (existsSync(file) && readText(path) === text) continue
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  console.log(`wrote ${path}`)
}
