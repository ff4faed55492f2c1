import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { complianceSchema } from '../../compliance/config.ts'
import type { Control } from '../../compliance/controls/catalogue.ts'
import { askedOnce } from '../../compliance/evidence/asked-once.ts'
import { elasticsearchStore } from '../../compliance/evidence/elasticsearch-store.ts'
import { prometheusStore } from '../../compliance/evidence/prometheus-store.ts'
import { findReports } from '../../compliance/integrity/found-folders.ts'
import { problemsOf, verify } from '../../compliance/integrity/verify.ts'
import { produce } from '../../compliance/produce.ts'
import { renderers } from '../../compliance/render/registry.ts'
import { systemClock } from '../../core/clock.ts'
import { createLogger } from '../../service/log/logger.ts'
import { october } from '../../test/compliance/evidence/periods.ts'
import { requests } from './requests.ts'

/** Makes a whole report of sixty controls, with or without PDF, verifies it, and prints what each took. */
const [elasticsearch = '', prometheus = '', pdf = ''] = process.argv.slice(2)
const root = mkdtempSync(join(tmpdir(), 'clawtrust-bench-'))
const controls = requests.map(
  (evidence, index): Control => ({
    framework: 'bench',
    id: `B-${index + 1}`,
    title: `Control ${index + 1}`,
    pillar: 'visibility',
    objectives: [],
    cannotProve: ['that nothing else happened'],
    remedy: 'Look at the evidence.',
    manual: '',
    tests: [
      {
        id: 'bounded',
        title: 'What is measured',
        evidence,
        threshold: { bound: 'at_most', value: 1_000, parameter: '' },
        freshness: null,
        telemetry: [],
        telemetryShare: 0.95,
      },
    ],
  }),
)
const framework = { id: 'bench', title: 'Bench', version: '1', source: 'https://example.org/', files: [], sha256: '' }
const formats = ['html', 'json', 'oscal', 'ocsf', 'csv', ...(pdf === '' ? [] : ['pdf'])]
const openStores = async () => {
  const documents = elasticsearchStore({
    connection: { nodes: [elasticsearch], requestTimeout: 60_000 },
    compatibility: 'auto',
    address: elasticsearch,
  })
  const metrics = prometheusStore({ url: prometheus, headers: {}, secrets: [], timeout: 60_000, fetch })
  const stores = askedOnce({ elasticsearch: documents, prometheus: metrics })
  return { stores, unopened: {}, close: () => documents.close() }
}
const timed = async <T>(work: () => Promise<T>): Promise<readonly [T, number]> => {
  const begun = performance.now()
  return [await work(), Math.round(performance.now() - begun) / 1_000]
}
const [made, seconds] = await timed(() =>
  produce(
    october,
    {
      config: { ...complianceSchema.parse({ formats }), output_dir: root },
      catalogue: { frameworks: [{ ...framework, parameters: [], controls, replacements: [] }] },
      openStores,
      version: '0.0.0',
      printing: { path: process.env.PATH ?? '', temporaryFolder: tmpdir(), isRoot: process.getuid?.() === 0 },
      clock: systemClock,
      logger: createLogger({ level: 'warn' }),
    },
    new AbortController().signal,
  ),
)
const megabytes = Math.round(process.resourceUsage().maxRSS / 1_024)
const [verification, verifySeconds] = await timed(async () =>
  verify(await findReports(root), { renderers, trusted: [], version: '0.0.0' }),
)
const sizes = Object.fromEntries(made.files.map(name => [name, statSync(join(made.folder, name)).size]))
rmSync(root, { recursive: true })
console.log(
  JSON.stringify({
    controls: controls.length,
    seconds,
    megabytes,
    verifySeconds,
    problems: problemsOf(verification).length,
    sizes,
  }),
)
