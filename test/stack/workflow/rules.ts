import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../servers/run.ts'

const shipped = new URL('../../../alert-rules/values.yml', import.meta.url)
const renderer = fileURLToPath(new URL('../../../tools/alert-rules/main.ts', import.meta.url))

/** Renders the shipped rules into a folder with some thresholds changed, as a user does it; gives the rule file. */
export async function renderRules(folder: string, changes: Readonly<Record<string, number>>): Promise<string> {
  const values = join(folder, 'values.yml')
  const text = Object.entries(changes).reduce(
    (written, [key, value]) => written.replace(new RegExp(`(\\b${key}:) .*`), `$1 ${value}`),
    await readFile(shipped, 'utf8'),
  )
  await writeFile(values, text)
  run(process.execPath, [renderer, '--values', values, '--out', folder], {})
  return join(folder, 'prometheus/clawtrust.rules.yml')
}
