/**
 * `main.ts [--documents 1000000,10000000] [--rounds 3] [--seeded] [--pdf]`: how long the evidence of sixty controls takes
 * over a month of documents in Elasticsearch and of metrics in Prometheus, and how much memory; then the same of the whole
 * report, with its verification. With `ES_URL`, over that server;
 * with `--seeded`, over the documents that an earlier run has left there.
 */
import { execFileSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { october } from '../../test/compliance/evidence/periods.ts'
import { seededFrom, seededSeries, seededTo } from '../../test/stack/compliance/seeded-metrics.ts'
import { startSeededPrometheus } from '../../test/stack/compliance/seeded-prometheus.ts'
import { openServer } from '../elasticsearch/server.ts'
import { demand, programs } from '../needs.ts'
import { seedMonth } from './documents.ts'
import { INDEX } from './requests.ts'

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '1000000,10000000' },
    rounds: { type: 'string', default: '3' },
    seeded: { type: 'boolean', default: false },
    pdf: { type: 'boolean', default: false },
  },
})
demand(programs.prometheus, programs.promtool)

const child = fileURLToPath(new URL('./collect.child.ts', import.meta.url))
const report = fileURLToPath(new URL('./report.child.ts', import.meta.url))
const server = await openServer({ asShipped: true })
const prometheus = await startSeededPrometheus(seededSeries, { from: seededFrom, to: seededTo })
try {
  for (const documents of values.documents.split(',').map(Number)) {
    if (!values.seeded) await seedMonth(server.client, october, documents)
    // Elasticsearch keeps answers: they are forgotten, so that each round asks for all of it.
    for (let round = 0; round < Number(values.rounds); round++) {
      await server.client.indices.clearCache({ index: INDEX })
      const result = JSON.parse(
        execFileSync(process.execPath, [child, server.url, prometheus.url], { encoding: 'utf8' }),
      )
      console.log(JSON.stringify({ documents, ...result, load: loadavg()[0], cores: cpus().length }))
      await server.client.indices.clearCache({ index: INDEX })
      const args = [report, server.url, prometheus.url, ...(values.pdf ? ['pdf'] : [])]
      console.log(
        JSON.stringify({ documents, ...JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) }),
      )
    }
  }
} finally {
  await prometheus.stop()
  await server.stop()
}
