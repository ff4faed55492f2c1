import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { comparedAgain } from '../servers/compared-again.ts'
import { eventually } from '../servers/eventually.ts'
import { freePort, type RunningProcess, startProcess } from '../servers/process.ts'
import { Exposed } from './exposed.ts'
import type { FaultyProxy } from './faulty-proxy.ts'
import type { OpenclawIndex } from './openclaw-index.ts'
import { StateMinutes } from './state-minutes.ts'

const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url))
const COMPLETE = 'Backfill finished'
/** Runs, after which it is given up. */
const MAX_RUNS = 60
/** Pages that one run gets before it is ended, however fast or slow the machine is. */
const PAGES = { least: 100, most: 600 } as const

export interface Interrupted {
  /** How often it was ended before the history was complete. */
  readonly interruptions: number
  /** Failed sign-ins by minute (seconds since 1970), as the state database holds them in the end. */
  readonly minutes: ReadonlyMap<number, number>
  readonly exposed: Exposed
}

/**
 * Starts an exporter and ends it again after a random number of pages, by SIGKILL and by SIGTERM in turn, until it has read its
 * history; then until the live part of the truth is counted.
 *
 * @param index what the source reads
 * @param source a section of the configuration; it reads through the proxy
 * @param live called between the runs; gives the failures that must be counted live
 */
export async function interruptedHistory(
  index: OpenclawIndex,
  source: object,
  proxy: FaultyProxy,
  live: () => Promise<number>,
): Promise<Interrupted> {
  const folder = mkdtempSync(join(tmpdir(), 'clawtrust-history-'))
  const address = `127.0.0.1:${await freePort()}`
  const exporterSection = { listen_address: address, state_dir: 'state', sources: [source] }
  writeFileSync(join(folder, 'clawtrust.yml'), JSON.stringify({ exporter: exporterSection }))
  const exposed = new Exposed()
  const look = async (by: RunningProcess) => {
    const scrape = async () => (await fetch(`http://${address}/metrics`)).text()
    exposed.look(await eventually('it is scraped', scrape, { by }))
  }
  const counted = () => [...exposed.failures().values()].reduce((sum, count) => sum + count, 0)
  const isComplete = (exporter: RunningProcess) => exporter.output().includes(COMPLETE)
  let interruptions = 0
  let expected = 0
  for (let count = 0; ; count++) {
    const exporter = startProcess(process.execPath, [main, 'exporter'], { cwd: folder })
    await eventually('it is ready', async () => (await fetch(`http://${address}/-/ready`)).ok || undefined, {
      by: exporter,
    })
    const run = heldUp(proxy, randomInt(PAGES.least, PAGES.most))
    expected = await live()
    const isDue = async () => run.isHeldUp() || isComplete(exporter) || undefined
    await eventually('it has read its pages', isDue, { by: exporter, limitMs: 60_000 })
    await look(exporter)
    const isLast = isComplete(exporter) || count > MAX_RUNS
    if (isLast) {
      run.goOn()
      await eventually('the live failures are counted', async () => {
        await look(exporter)
        return counted() === expected || undefined
      }).catch(() => undefined)
      await comparedAgain(index.mark(), async () => {
        await look(exporter)
        return exposed.value('clawtrust_source_undated_documents') ?? 0
      })
    } else {
      interruptions++
    }
    if (!isLast && count % 2 === 0) exporter.signal('SIGKILL')
    await exporter.stop()
    run.goOn()
    if (isLast) break
  }
  const minutes = new StateMinutes(join(folder, 'state', 'exporter', 'state.db')).failures()
  rmSync(folder, { recursive: true, force: true })
  return { interruptions, minutes, exposed }
}

/** Lets so many searches through from now on, and holds up the others until it is told to go on. */
function heldUp(proxy: FaultyProxy, pages: number) {
  const { promise: end, resolve: goOn } = Promise.withResolvers<void>()
  let asked = 0
  proxy.spoil(async path => {
    if (path.startsWith('/_search') && ++asked > pages) await end
    return 'pass' as const
  })
  return { isHeldUp: () => asked > pages, goOn }
}
