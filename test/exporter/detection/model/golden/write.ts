/**
 * node test/exporter/detection/model/golden/write.ts ROOT: writes what the scorers of the checkout ROOT say in every scenario, and
 * their snapshots from half way. What is in `expected/` is of the first model with a profile (snapshots of version 3); a change
 * of the model that is meant to change scores writes it again.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Digests, type Scorers, scenarios } from './scenarios.ts'

const [root = ''] = process.argv.slice(2)
const load = (name: string) => import(join(root, `exporter/detection/model/series/${name}.ts`))
const scorers = Object.assign(
  {},
  ...(await Promise.all(['series-scorer', 'gauge-scorer', 'lite-scorer'].map(load))),
) as Scorers
const folder = join(import.meta.dirname, 'expected')
mkdirSync(folder, { recursive: true })
const expected: Record<string, { half: Digests; end: Digests }> = {}
for (const { name, steps, start } of scenarios()) {
  const run = start(scorers)
  run.go(steps / 2)
  const half = run.digests()
  writeFileSync(join(folder, `${name}.snapshot.gz`), gzipSync(run.snapshot(), { level: 9 }))
  run.go(steps / 2)
  expected[name] = { half, end: run.digests() }
}
writeFileSync(join(folder, 'digests.json'), `${JSON.stringify(expected, undefined, 2)}\n`)
