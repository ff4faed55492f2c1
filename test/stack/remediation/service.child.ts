/**
 * `service.child.ts FOLDER NAMESPACE RECEIVER KILL_AT`: a remediation service that kills itself with SIGKILL at the
 * KILL_AT-th boundary: before or after a commit of the ledger, a run of nft, or a request.
 */
import { DatabaseSync } from 'node:sqlite'
import { commandRunner } from '../../../remediation/actions/nft/command.ts'
import { createRemediation } from '../../../remediation/app.ts'
import { remediationSchema } from '../../../remediation/config.ts'
import { createLogger } from '../../../service/log/logger.ts'

const [folder = '', namespace = '', receiver = '', killAt = '0'] = process.argv.slice(2)
let boundaries = 0
let armed = false

function boundary(): void {
  if (!armed) return
  boundaries += 1
  if (boundaries === Number(killAt)) process.kill(process.pid, 'SIGKILL')
}

const exec = DatabaseSync.prototype.exec
DatabaseSync.prototype.exec = function (sql: string) {
  if (sql === 'COMMIT') boundary()
  exec.call(this, sql)
  if (sql === 'COMMIT') boundary()
}

const nft = commandRunner(['ip', 'netns', 'exec', namespace, 'nft'])
const config = remediationSchema.parse({
  listen_address: '127.0.0.1:0',
  state_dir: folder,
  mode: 'enforce',
  webhook: { bearer_token: 'right' },
  destinations: [{ name: 'chat', template: 'slack', url: receiver }],
  firewall: { reconcile_interval: '1s' },
  playbooks: [{ name: 'short', steps: [{ type: 'block', ttl: ['3s'] }], cooldown: '0s' }],
})
const loaded = { config: { remediation: config, exporter: { trusted_proxies: [] } } }
const app = createRemediation(loaded, {
  version: '1.2.3',
  logger: createLogger({ destination: { write: () => undefined } }),
  allowUnauthenticated: false,
  loadConfig: async () => loaded,
  runNft: async (args, input) => {
    if (args.includes('list')) return nft(args, input)
    boundary()
    const result = await nft(args, input)
    boundary()
    return result
  },
  fetch: async (url, init) => {
    boundary()
    const response = await fetch(url, init)
    boundary()
    return response
  },
})
process.once('SIGUSR2', () => {
  armed = true
  process.stdout.write('armed\n')
})
const { url } = await app.start()
process.stdout.write(`${url}\n`)
