/** Writes the generated pages of docs/; with `--check` it only says which are stale, and fails if any is. */
import { readFileSync, writeFileSync } from 'node:fs'
import { generatedPages } from './pages.ts'

const repository = new URL('../../', import.meta.url)
const stale = Object.entries(generatedPages()).filter(([path, text]) => read(path) !== text)

if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is stale; run \`node tools/docs/main.ts\``)
  if (stale.length > 0) process.exitCode = 1
} else {
  for (const [path, text] of stale) {
    writeFileSync(new URL(path, repository), text)
    console.log(`wrote ${path}`)
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(new URL(path, repository), 'utf8')
  } catch {
    return undefined
  }
}
