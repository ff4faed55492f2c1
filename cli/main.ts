#!/usr/bin/env node
import { nodeTrouble } from './node-version.ts'

const trouble = nodeTrouble(process.version, process.execPath)
if (trouble === undefined) {
  // Not a static import: the rest needs modules that an older Node.js does not have.
  await import('./start.ts')
} else {
  process.stderr.write(`${trouble}\n`)
  process.exitCode = 1
}
