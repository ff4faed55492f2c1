import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandRunner } from '../../remediation/actions/nft/command.ts'
import { createRemediation } from '../../remediation/app.ts'
import { remediationSchema } from '../../remediation/config.ts'
import { type Ledger, openLedgerBeside } from '../../remediation/ledger/ledger.ts'
import { createLogger } from '../../service/log/logger.ts'

export interface BenchService {
  readonly ledger: Ledger
  readonly folder: string
  post(alerts: readonly object[]): Promise<void>
  /** Milliseconds that the start took. */
  readonly startMs: number
  stop(): Promise<void>
}

const namespace = `ctb${process.pid}`

/** `nft` in the benchmark's own network namespace. */
export const nftCommand = ['ip', 'netns', 'exec', namespace, 'nft']
export const createNamespace = () => commandRunner(['ip', 'netns'])(['add', namespace], '')
export const removeNamespace = () => commandRunner(['ip', 'netns'])(['del', namespace], '')

/** A service with the real firewall and no cap in the way. */
export async function startService(folder = mkdtempSync(join(tmpdir(), 'clawtrust-bench-'))): Promise<BenchService> {
  const config = remediationSchema.parse({
    listen_address: '127.0.0.1:0',
    state_dir: folder,
    mode: 'enforce',
    webhook: { bearer_token: 'bench', max_waiting: 100_000 },
    limits: { per_minute: 100_000, per_hour: 1_000_000, at_once: 60_000 },
    firewall: { command: nftCommand },
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
  const startMs = performance.now() - begun
  const ledger = openLedgerBeside(folder)
  return {
    ledger,
    folder,
    startMs,
    async post(alerts) {
      const headers = { authorization: 'Bearer bench', 'content-type': 'application/json' }
      const body = JSON.stringify({ version: '4', alerts })
      const response = await fetch(`${url}alertmanager`, { method: 'POST', headers, body })
      if (response.status !== 200) throw new Error(`the service answered ${response.status}`)
      await response.text()
    },
    async stop() {
      await ledger.close()
      await app.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

let numbered = 0

/** An alert from an address that no other has. */
export function nextAlert(): { readonly address: string; readonly alert: object } {
  numbered += 1
  const address = `198.${18 + (numbered >> 16)}.${(numbered >> 8) & 255}.${numbered & 255}`
  const labels = { alertname: 'BruteForce', playbook: 'brute-force', source_ip: address }
  return {
    address,
    alert: {
      status: 'firing',
      labels,
      annotations: {},
      startsAt: '2026-11-24T00:00:00Z',
      fingerprint: String(numbered),
    },
  }
}

/** Waits, looking often, until it holds; gives the milliseconds. */
export async function timeUntil(holds: () => boolean): Promise<number> {
  const begun = performance.now()
  while (!holds()) {
    if (performance.now() - begun > 60_000) throw new Error('waited a minute in vain')
    await new Promise(resolve => setImmediate(resolve))
  }
  return performance.now() - begun
}
