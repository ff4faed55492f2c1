/** `main.ts [DOCUMENTS] [ROUNDS]`: the exporter beside the bare official client, on a real server, in one run. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { connect } from '../../service/elasticsearch/compatibility.ts'
import { startElasticsearch } from '../../test/stack/elasticsearch/servers/elasticsearch.ts'
import { loadIndex } from './load.ts'
import { round, type Side } from './report.ts'

const INDEX = 'clawtrust-bench'
const [documents = 400_000, rounds = 3] = process.argv.slice(2).map(Number)
const given = process.env.ES_URL
const node = given === undefined ? await startElasticsearch() : undefined
const url = given ?? node?.url ?? ''
try {
  const client = node?.client ?? (await connect({ nodes: [url], requestTimeout: 60_000 }, 'auto', ['*']))
  const first = Date.now() - documents - 60_000
  await loadIndex(client, INDEX, { documents, step: 1, first })
  const run = (side: 'bare' | 'ours' | 'seq-no', slices: number): Side => {
    const child = fileURLToPath(new URL(`./${side}.child.ts`, import.meta.url))
    const args = [child, url, INDEX, String(slices), String(documents), String(first)]
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
  }
  run('bare', 1)
  const results = [1, 4].map(slices => {
    const pairs = Array.from({ length: rounds }, () => ({ bare: run('bare', slices), ours: run('ours', slices) }))
    const bare = median(pairs.map(pair => pair.bare))
    const ours = median(pairs.map(pair => pair.ours))
    return { slices, bare, ours, ratio: round(ours.documentsPerSecond / bare.documentsPerSecond), pairs }
  })
  const seqNo = median(Array.from({ length: rounds }, () => run('seq-no', 1)))
  console.table(
    results.map(({ slices, bare, ours, ratio }) => ({
      slices,
      'bare client, documents/s': bare.documentsPerSecond,
      'clawtrust, documents/s': ours.documentsPerSecond,
      ratio,
      'clawtrust, MB': ours.rssMb,
    })),
  )
  console.table({ 'by _seq_no, shard by shard': { 'documents/s': seqNo.documentsPerSecond } })
  const target = fileURLToPath(new URL('../results/elasticsearch.json', import.meta.url))
  mkdirSync(fileURLToPath(new URL('../results', import.meta.url)), { recursive: true })
  const machine = { cores: cpus().length, node: process.version, elasticsearch: node?.version ?? 'given' }
  writeFileSync(target, `${JSON.stringify({ documents, machine, results, seqNo }, null, 2)}\n`)
  await client.indices.delete({ index: INDEX })
} finally {
  await node?.stop()
}

function median(sides: readonly Side[]): Side {
  return [...sides].sort((a, b) => a.documentsPerSecond - b.documentsPerSecond)[Math.floor(sides.length / 2)] as Side
}
