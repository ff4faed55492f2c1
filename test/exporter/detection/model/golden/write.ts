/**
 * node test/exporter/detection/model/golden/write.ts ROOT: writes the digests of what the scorers of the checkout ROOT say in every
 * scenario, from its beginning and resumed from the snapshots of version 0.1.0 (847f698) in `expected/`. A scenario without
 * a snapshot gets one of ROOT.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { type GoldenDigests, type Scorers, scenarios } from './scenarios.ts'

const [root = ''] = process.argv.slice(2)
const load = (name: string) => import(join(root, `exporter/detection/model/series/${name}.ts`))
const scorers = Object.assign(
  {},
  ...(await Promise.all(['series-scorer', 'gauge-scorer', 'lite-scorer'].map(load))),
) as Scorers
const folder = join(import.meta.dirname, 'expected')
const expected: Record<string, GoldenDigests> = {}
for (const { name, steps, start } of scenarios()) {
  const run = start(scorers)
  run.go(steps / 2)
  const half = run.digests()
  const path = join(folder, `${name}.snapshot.gz`)
  if (!existsSync(path)) writeFileSync(path, gzipSync(run.snapshot(), { level: 9 }))
  run.go(steps / 2)
  const resumed = start(scorers)
  resumed.go(steps / 2)
  const refused = resumed.restore(gunzipSync(readFileSync(path)))
  if (refused !== undefined) throw new Error(`${name}: the snapshot was refused: ${refused}`)
  resumed.go(steps / 2)
  expected[name] = { half, end: run.digests(), resumed: resumed.digests() }
}
writeFileSync(join(folder, 'digests.json'), `${JSON.stringify(expected, undefined, 2)}\n`)
