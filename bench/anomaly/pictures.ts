/** Draws the pictures of docs/anomaly.md from real runs of the scorer: node bench/anomaly/pictures.ts [--out DIR] */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { attackDay } from './pictures/attack-day.ts'
import { expectedWeek } from './pictures/expected-week.ts'
import { tailPicture } from './pictures/tail.ts'

const pictures = new Map([
  ['anomaly-attack-day.svg', attackDay],
  ['anomaly-expected-week.svg', expectedWeek],
  ['anomaly-tail.svg', tailPicture],
])

const { values: options } = parseArgs({
  options: { out: { type: 'string', default: join(import.meta.dirname, '../../docs/pictures') } },
})
mkdirSync(options.out, { recursive: true })
for (const [name, draw] of pictures) {
  writeFileSync(join(options.out, name), draw())
  console.log(`drawn: ${join(options.out, name)}`)
}
