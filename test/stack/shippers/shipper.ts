import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../servers/eventually.ts'
import { type RunningProcess, startProcess } from '../servers/process.ts'

/** What a shipper is told: which logs, and where they go. */
export interface Shipping {
  /** Folder of the logs `openclaw-*.log`. */
  readonly logs: string
  /** Folder for positions and queues: what survives an end of the program. */
  readonly work: string
  /** https address with host and port. */
  readonly url: string
  readonly index: string
  readonly caFile: string
  /** `id:key`, or else user and password. */
  readonly apiKey?: string
  readonly user?: string
  readonly password?: string
}

/** How one shipper is started with its configuration. */
export interface ShipperProgram {
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** What it writes when it could not send; global. */
  readonly complaint: RegExp
  /** Whether SIGKILL loses nothing now: not within the moments that its documented limits name. Absent: always. */
  readonly canBeKilled?: () => boolean
  /** The fields of a line in its document, where they are not at the root. */
  readonly recordOf?: (document: Document) => Document
}

export type Document = Readonly<Record<string, unknown>>

/** Service managers send SIGKILL to a service that does not end after SIGTERM. They wait longer. */
const PATIENCE_MS = 1_000

/** A shipper that can be started and ended again and again on the same work folder. */
export class Shipper {
  readonly work: string
  readonly #program: ShipperProgram
  #process: RunningProcess | undefined
  /** What earlier processes have written. */
  #output = ''

  private constructor(program: ShipperProgram, work: string) {
    this.#program = program
    this.work = work
  }

  static async create(
    make: (shipping: Shipping) => ShipperProgram,
    shipping: Omit<Shipping, 'work'>,
  ): Promise<Shipper> {
    const work = await mkdtemp(join(tmpdir(), 'clawtrust-shipper-'))
    return new Shipper(make({ ...shipping, work }), work)
  }

  /** How often it has said that it could not send. */
  get complaints(): number {
    return this.output.match(this.#program.complaint)?.length ?? 0
  }

  /** The fields of a line, without the times that are the shipper's. */
  recordOf(document: Document): Document {
    const { recordOf = atRoot } = this.#program
    return recordOf(document)
  }

  get output(): string {
    return this.#output + (this.#process?.output() ?? '')
  }

  start(): void {
    const { command, args, env } = this.#program
    this.#output = this.output
    this.#process = startProcess(command, args, { env: { ...process.env, ...env } })
  }

  /** Sends SIGKILL as soon as the program's documented limits allow it, and waits for the end. */
  async kill(): Promise<void> {
    const { canBeKilled } = this.#program
    if (canBeKilled) await eventually('SIGKILL loses nothing', async () => canBeKilled() || undefined)
    await this.end('SIGKILL')
  }

  /** Sends the signal, SIGKILL to what does not end in time, and waits for the end. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const running = this.#process
    if (running === undefined || running.hasEnded()) return
    running.signal(signal)
    const timer = setTimeout(() => running.signal('SIGKILL'), PATIENCE_MS)
    await eventually('the shipper has ended', async () => running.hasEnded() || undefined)
    clearTimeout(timer)
  }

  /** A file of the work folder; empty where there is none. */
  note(name: string): Promise<string> {
    return readFile(join(this.work, name), 'utf8').catch(() => '')
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL')
    await rm(this.work, { recursive: true, force: true })
  }
}

function atRoot({ '@timestamp': _, event: __, ...content }: Document): Document {
  return content
}
