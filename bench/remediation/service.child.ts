/**
 * `service.child.ts FOLDER NAMESPACE`: a remediation service with the real firewall of a network namespace and no cap in
 * the way; prints its address and the milliseconds that the start took, and stops when its input ends.
 */
import { createRemediation } from '../../remediation/app.ts'
import { remediationSchema } from '../../remediation/config.ts'
import { createLogger } from '../../service/log/logger.ts'

const [folder = '', namespace = ''] = process.argv.slice(2)
const config = remediationSchema.parse({
  listen_address: '127.0.0.1:0',
  state_dir: folder,
  mode: 'enforce',
  webhook: { bearer_token: 'bench', max_waiting: 100_000 },
  limits: { per_minute: 100_000, per_hour: 1_000_000, at_once: 60_000 },
  firewall: { command: ['ip', 'netns', 'exec', namespace, 'nft'] },
})
const loaded = { config: { remediation: config, exporter: { trusted_proxies: [] } } }
const app = createRemediation(loaded, {
  version: 'bench',
  logger: createLogger({ level: 'error' }),
  allowUnauthenticated: false,
  loadConfig: async () => loaded,
})
const begun = performance.now()
const { url } = await app.start()
process.stdout.write(`${JSON.stringify({ url, startMs: performance.now() - begun })}\n`)
process.stdin.on('end', () => app.stop()).resume()
