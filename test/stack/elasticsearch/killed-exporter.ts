import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { comparedAgain } from '../servers/compared-again.ts'
import { eventually } from '../servers/eventually.ts'
import { freePort, startProcess } from '../servers/process.ts'
import { Exposed } from './exposed.ts'
import { type SourceKeys, sorted } from './observed-exporter.ts'
import type { OpenclawIndex } from './openclaw-index.ts'
import { StateMinutes } from './state-minutes.ts'

const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url))

const QUICK = {
  type: 'elasticsearch',
  name: 'logs',
  interval: '100ms',
  lag: '1s',
  overlap: '1s',
  reconcile_interval: '1s',
  page_size: 50,
}

export interface Killed {
  /** What was seen all the while. */
  readonly exposed: Exposed
  /** See StateMinutes. */
  readonly skippedMinutes: number
}

/**
 * Kills an exporter so many times by SIGKILL at random moments while documents are written, and starts it again each
 * time, up to the truth or the end of patience.
 */
export async function killedExporter(index: OpenclawIndex, source: SourceKeys, kills: number): Promise<Killed> {
  const folder = mkdtempSync(join(tmpdir(), 'clawtrust-es-kill-'))
  const address = `127.0.0.1:${await freePort()}`
  const exporterSection = { listen_address: address, state_dir: 'state', sources: [{ ...QUICK, ...source }] }
  writeFileSync(join(folder, 'clawtrust.yml'), JSON.stringify({ exporter: exporterSection }))
  const exposed = new Exposed()
  const look = async () => {
    const response = await fetch(`http://${address}/metrics`).catch(() => undefined)
    if (response?.ok) exposed.look(await response.text())
  }
  const run = () => startProcess(process.execPath, [main, 'exporter'], { cwd: folder })
  const answers = async (path: string) => (await fetch(`http://${address}${path}`)).ok || undefined
  const isTrue = async () => {
    await look()
    return JSON.stringify(sorted(exposed.failures())) === JSON.stringify(sorted(index.truth)) || undefined
  }
  // Counting begins at the first start that is committed.
  const first = run()
  await eventually('it is ready', () => answers('/-/ready'), { by: first })
  await index.write({ connections: 5 })
  await eventually('it counts', isTrue, { by: first })
  await first.stop()

  for (let kill = 0; kill < kills; kill++) {
    const exporter = run()
    await eventually('it answers', () => answers('/-/healthy'), { by: exporter })
    const until = Date.now() + 200 + Math.random() * 900
    while (Date.now() < until) {
      await index.write({ connections: 1 + Math.floor(Math.random() * 40) })
      await look()
      await pause(Math.random() * 60)
    }
    exporter.signal('SIGKILL')
    await eventually('it is gone', async () => exporter.hasEnded() || undefined)
  }

  const last = run()
  await eventually('the counters equal the truth', isTrue).catch(() => undefined)
  await comparedAgain(index.mark(), async () => {
    await look()
    return exposed.value('clawtrust_source_undated_documents') ?? 0
  })
  await last.stop()
  const skippedMinutes = new StateMinutes(join(folder, 'state', 'exporter', 'state.db')).skipped()
  rmSync(folder, { recursive: true, force: true })
  return { exposed, skippedMinutes }
}
