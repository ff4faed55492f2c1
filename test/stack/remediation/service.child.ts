/**
 * `service.child.ts FOLDER NAMESPACE RECEIVER KILL_AT`: a remediation service that kills itself with SIGKILL at the
 * KILL_AT-th boundary: before or after a commit of the ledger, a run of nft, or a request. It writes a line when it is
 * armed, and when it has looked into the kernel.
 */
import { flushCompileCache } from 'node:module'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as turn } from 'node:timers/promises'
import { createRemediation } from '../../../remediation/app.ts'
import { remediationSchema } from '../../../remediation/config.ts'
import { commandRunner } from '../../../remediation/steps/block/nft/command.ts'
import { createLogger } from '../../../service/log/logger.ts'

// Who is killed does not come to keep what was compiled.
flushCompileCache()

const [folder = '', namespace = '', receiver = '', killAt = '0'] = process.argv.slice(2)
const QUIET_TURNS = 20
let boundaries = 0
let armed = false

/** Runs of nft that have not ended. */
let underWay = 0

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
    const isStep = !args.includes('list')
    underWay += 1
    if (isStep) boundary()
    const result = await nft(args, input)
    if (isStep) boundary()
    underWay -= 1
    if (!isStep) process.stdout.write('looked\n')
    return result
  },
  fetch: async (url, init) => {
    boundary()
    const response = await fetch(url, init)
    boundary()
    return response
  },
})
process.once('SIGUSR2', async () => {
  await settled()
  armed = true
  process.stdout.write('armed\n')
})
/**
 * What is done once at the start is over: a commit follows in the next turn of the event loop from what it is made for,
 * and whatever else is done waits for nft.
 */
async function settled(): Promise<void> {
  for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
    await turn()
    if (underWay > 0) quiet = 0
  }
}

const { url } = await app.start()
process.stdout.write(`${url}\n`)
