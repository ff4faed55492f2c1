import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { commandRunner } from '../../remediation/steps/block/nft/command.ts'
import { type Ledger, openLedgerBeside } from '../../remediation/store/ledger.ts'

export interface BenchService {
  readonly ledger: Ledger
  post(alerts: readonly object[]): Promise<void>
  /** Milliseconds that the start took. */
  readonly startMs: number
  stop(): Promise<void>
}

const namespace = `ctb${process.pid}`

export const createNamespace = () => commandRunner(['ip', 'netns'])(['add', namespace], '')
export const removeNamespace = () => commandRunner(['ip', 'netns'])(['del', namespace], '')

/** The core that the service alone has, with the nft that it runs. */
const SERVICE_CORE = '0'

/** Moves this process, the senders, off the service's core. */
export function leaveServiceCore(): void {
  const { status, stderr } = spawnSync('taskset', ['-cp', '1', String(process.pid)], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the senders need a second core: ${stderr}`)
}

/** A service in a process of its own that is held to one core. */
export async function startService(folder = mkdtempSync(join(tmpdir(), 'clawtrust-bench-'))): Promise<BenchService> {
  const program = fileURLToPath(new URL('./service.child.ts', import.meta.url))
  const child = spawn('taskset', ['-c', SERVICE_CORE, process.execPath, program, folder, namespace], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const { url, startMs } = JSON.parse(await firstLine(child))
  const ledger = openLedgerBeside(folder)
  return {
    ledger,
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
      child.stdin?.end()
      await once(child, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new TypeError('the output is a pipe')
  for await (const line of createInterface(stdout)) return line
  throw new Error('the service did not start')
}

let numbered = 0

/** An alert from an address that no other has. */
export function nextAlert(): { readonly address: string; readonly alert: object } {
  numbered += 1
  const address = `8.${18 + (numbered >> 16)}.${(numbered >> 8) & 255}.${numbered & 255}`
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
