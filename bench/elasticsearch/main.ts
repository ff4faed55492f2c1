/**
 * `main.ts [--mix attack|everyday] [--documents 400000] [--rounds 5] [--page 2000]`: the exporter's whole path beside the
 * bare official client, on a real server, in turn, in one run.
 */
import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Mix, mixes } from './documents.ts'
import { loadIndex } from './load.ts'
import { round, type Side, writeResults } from './report.ts'
import { openServer } from './server.ts'

const INDEX = 'clawtrust-bench'
const { values } = parseArgs({
  options: {
    mix: { type: 'string', default: 'attack' },
    documents: { type: 'string', default: '400000' },
    rounds: { type: 'string', default: '5' },
    page: { type: 'string', default: '2000' },
  },
})
const mix = values.mix as Mix
if (mixes[mix] === undefined) throw new Error(`--mix is one of ${Object.keys(mixes).join(', ')}`)
const documents = Number(values.documents)
const rounds = Number(values.rounds)
const server = await openServer()
try {
  const first = Date.now() - documents - 60_000
  await loadIndex(server.client, INDEX, { mix, documents, timeOf: number => first + number })
  const run = (side: 'bare' | 'ours' | 'seq-no', slices: number): Side => {
    const child = fileURLToPath(new URL(`./${side}.child.ts`, import.meta.url))
    const args = [child, server.url, INDEX, String(slices), values.page, String(documents), String(first)]
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
  }
  run('bare', 4)
  const results = [1, 4].map(slices => {
    const pairs = Array.from({ length: rounds }, (_, number) => pairOf(side => run(side, slices), number % 2 === 0))
    const ratios = pairs.map(({ bare, ours }) => round(ours.documentsPerSecond / bare.documentsPerSecond))
    return { slices, ratio: median(ratios), ratios, pairs }
  })
  const seqNo = run('seq-no', 1)
  console.table(
    results.map(({ slices, pairs, ratio, ratios }) => ({
      slices,
      'bare client, documents/s': median(pairs.map(({ bare }) => bare.documentsPerSecond)),
      'clawtrust, documents/s': median(pairs.map(({ ours }) => ours.documentsPerSecond)),
      ratio,
      'in each round': ratios.join(' '),
      'CPU of the bare client, µs a document': perDocument(pairs.map(({ bare }) => bare)),
      'CPU of clawtrust, µs a document': perDocument(pairs.map(({ ours }) => ours)),
      'clawtrust, MB': median(pairs.map(({ ours }) => ours.rssMb)),
    })),
  )
  console.table({ 'by _seq_no, shard by shard': { 'documents/s': seqNo.documentsPerSecond } })
  const machine = { cores: cpus().length, node: process.version, elasticsearch: server.version }
  writeResults(`elasticsearch-${mix}`, { documents, page: Number(values.page), machine, results, seqNo })
  await server.client.indices.delete({ index: INDEX })
} finally {
  await server.stop()
}

/** Both sides in turn; who goes first changes, because the server's caches and the machine's other work do. */
function pairOf(
  run: (side: 'bare' | 'ours') => Side,
  bareFirst: boolean,
): { readonly bare: Side; readonly ours: Side } {
  if (bareFirst) return { bare: run('bare'), ours: run('ours') }
  const ours = run('ours')
  return { bare: run('bare'), ours }
}

function perDocument(sides: readonly Side[]): number {
  return round(median(sides.map(({ cpuSeconds }) => (cpuSeconds * 1e6) / documents)))
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number
}
