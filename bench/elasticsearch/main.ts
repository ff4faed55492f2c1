/**
 * `main.ts [--mix attack|everyday] [--documents 400000] [--rounds 5] [--page 2000] [--before CHECKOUT]`: the exporter's
 * whole path on a real server, in turn, in one run: beside the bare official client or, with `--before`, beside the
 * exporter of another checkout with its dependencies installed.
 */
import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { resolve } from 'node:path'
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
    before: { type: 'string' },
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
  const runChild: RunChild = (child, slices) => {
    const args = [child, server.url, INDEX, String(slices), values.page, String(documents), String(first)]
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
  }
  const machine = { cores: cpus().length, node: process.version, elasticsearch: server.version }
  const head = { documents, page: Number(values.page), machine }
  if (values.before === undefined) writeResults(`elasticsearch-${mix}`, { ...head, ...besideClient(runChild) })
  else writeResults(`elasticsearch-${mix}-before`, { ...head, ...besideCheckout(runChild, values.before) })
  await server.client.indices.delete({ index: INDEX })
} finally {
  await server.stop()
}

type RunChild = (child: string, slices: number) => Side

function besideClient(run: RunChild): Readonly<Record<string, unknown>> {
  run(childOf('bare'), 4)
  const results = comparisonOf(run, { name: 'bare client', child: childOf('bare') })
  const seqNo = run(childOf('seq-no'), 1)
  console.table({ 'by _seq_no, shard by shard': { 'documents/s': seqNo.documentsPerSecond } })
  return { results, seqNo }
}

function besideCheckout(run: RunChild, checkout: string): Readonly<Record<string, unknown>> {
  const child = resolve(checkout, 'bench/elasticsearch/ours.child.ts')
  run(child, 4)
  return { results: comparisonOf(run, { name: 'before', child }) }
}

function comparisonOf(run: RunChild, other: { readonly name: string; readonly child: string }) {
  const results = [1, 4].map(slices => {
    const pairs = Array.from({ length: rounds }, (_, number) => {
      return pairOf(
        { ours: () => run(childOf('ours'), slices), other: () => run(other.child, slices) },
        number % 2 === 0,
      )
    })
    const ratios = pairs.map(pair => round(pair.ours.documentsPerSecond / pair.other.documentsPerSecond))
    return { slices, ratio: median(ratios), ratios, pairs }
  })
  console.table(
    results.map(({ slices, pairs, ratio, ratios }) => ({
      slices,
      [`${other.name}, documents/s`]: median(pairs.map(pair => pair.other.documentsPerSecond)),
      'clawtrust, documents/s': median(pairs.map(({ ours }) => ours.documentsPerSecond)),
      ratio,
      'in each round': ratios.join(' '),
      [`CPU of ${other.name}, µs a document`]: perDocument(pairs.map(pair => pair.other)),
      'CPU of clawtrust, µs a document': perDocument(pairs.map(({ ours }) => ours)),
      'clawtrust, MB': median(pairs.map(({ ours }) => ours.rssMb)),
    })),
  )
  return results
}

function childOf(side: 'bare' | 'ours' | 'seq-no'): string {
  return fileURLToPath(new URL(`./${side}.child.ts`, import.meta.url))
}

/** Both sides in turn; the first one alternates, because the caches of the server and other work on the machine change. */
function pairOf(run: Readonly<Record<'ours' | 'other', () => Side>>, otherFirst: boolean) {
  if (otherFirst) {
    const other = run.other()
    return { other, ours: run.ours() }
  }
  const ours = run.ours()
  return { other: run.other(), ours }
}

function perDocument(sides: readonly Side[]): number {
  return round(median(sides.map(({ cpuSeconds }) => (cpuSeconds * 1e6) / documents)))
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number
}
