import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answersAt } from '../servers/eventually.ts'
import { freePort, type RunningProcess, startProcess } from '../servers/process.ts'

const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url))

/** Of the role `deliver`. */
export const TOKEN = 'the-token-of-the-sender'

/** An exporter with a source of type `otlp`, started as users start it; its state outlives a kill. */
export interface ReceivingExporter {
  /** `127.0.0.1:9847` */
  readonly address: string
  start(): Promise<void>
  /** kill -9 */
  kill(): Promise<void>
  /** The number that the pattern finds in the metrics; NaN where there is none. */
  metric(pattern: RegExp): Promise<number>
  /** Ends it, and removes its state. */
  remove(): Promise<void>
}

export async function createReceivingExporter(): Promise<ReceivingExporter> {
  const folder = await mkdtemp(join(tmpdir(), 'clawtrust-otlp-'))
  const address = `127.0.0.1:${await freePort()}`
  await writeFile(
    join(folder, 'clawtrust.yml'),
    `exporter: {listen_address: '${address}', sources: [{type: otlp, name: senders}]}
web: {roles: {deliver: {bearer_token: ${TOKEN}}, scrape: {anyone: true}, view: {anyone: true}}}
`,
  )
  let running: RunningProcess | undefined
  return {
    address,
    async start() {
      running = startProcess(process.execPath, [main, 'exporter'], { cwd: folder })
      await answersAt(`http://${address}/-/healthy`, running)
    },
    async kill() {
      running?.signal('SIGKILL')
      await running?.drained()
    },
    async metric(pattern) {
      const text = await (await fetch(`http://${address}/metrics`)).text()
      return Number(pattern.exec(text)?.[1] ?? Number.NaN)
    },
    async remove() {
      await running?.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
