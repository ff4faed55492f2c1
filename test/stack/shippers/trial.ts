import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Client } from '@elastic/elasticsearch'
import { OpenclawIndex } from '../elasticsearch/openclaw-index.ts'
import type { Certificates } from '../elasticsearch/servers/certificates.ts'
import { eventually } from '../servers/eventually.ts'
import { Gate } from './gate.ts'
import { GatewayLog } from './gateway-log.ts'
import type { Step } from './orders.ts'
import { Shipper, type ShipperProgram, type Shipping } from './shipper.ts'

/** What the trials of one test file share: the server, and which shipper is tried. */
export interface Ground {
  readonly url: string
  readonly client: Client
  readonly certificates: Certificates
  readonly make: (shipping: Shipping) => ShipperProgram
}

/** What became of the lines. Exact where there are as many documents as lines and none is missing. */
export interface Outcome {
  readonly lines: number
  readonly documents: number
  /** Lines without a document of the same content. */
  readonly missing: readonly string[]
}

/** One write appends their lines, some 20. */
const CONNECTIONS = 12
const LIMIT_MS = 150_000
const CREDENTIALS = { user: 'shipper', password: 'only-for-tests-"\\é' }

/** Does one thing after another with a log, a shipper and a server of their own, and removes them. */
export async function withTrial<T>(ground: Ground, act: (trial: Trial) => Promise<T>): Promise<T> {
  const trial = await Trial.create(ground)
  try {
    return await act(trial)
  } finally {
    await trial.remove()
  }
}

/** One log, one shipper, one way to the server, and one index. */
export class Trial {
  readonly logs: string
  readonly log: GatewayLog
  readonly gate: Gate
  readonly shipper: Shipper
  readonly index: OpenclawIndex
  readonly #client: Client
  readonly #steps: Readonly<Record<Step, () => unknown>> = {
    start: () => this.shipper.start(),
    TERM: () => this.shipper.end('SIGTERM'),
    KILL: () => this.shipper.kill(),
    write: () => this.log.write(CONNECTIONS),
    half: () => this.log.writeHalf(),
    rotate: () => this.log.rotate(),
    truncate: () => this.log.truncate(),
    midnight: () => this.log.nextDay(),
    tried: () => this.#hasTried(),
    stored: () => this.#isStored(),
    away: () => this.gate.close(),
    back: () => this.gate.open(),
    deaf: () => this.#spoil('deaf'),
    unauthorized: () => this.#spoil({ status: 401, type: 'json' }),
    busy: () => this.#spoil({ status: 429, type: 'json' }),
    unavailable: () => this.#spoil({ status: 503, type: 'json' }),
    badGateway: () => this.#spoil({ status: 502, type: 'html' }),
    blocked: () => this.#block(true),
    closed: () => this.#client.indices.close({ index: this.index.name }),
    well: () => this.#heal(),
  }

  private constructor(client: Client, logs: string, gate: Gate, shipper: Shipper, index: OpenclawIndex) {
    this.#client = client
    this.logs = logs
    this.log = new GatewayLog(logs)
    this.gate = gate
    this.shipper = shipper
    this.index = index
  }

  static async create({ url, client, certificates, make }: Ground): Promise<Trial> {
    const logs = await mkdtemp(join(tmpdir(), 'clawtrust-logs-'))
    const gate = await Gate.to(url, certificates)
    await gate.open()
    const index = await new OpenclawIndex(client).create()
    const { caFile } = certificates
    const shipper = await Shipper.create(make, { logs, url: gate.url, index: index.name, caFile, ...CREDENTIALS })
    return new Trial(client, logs, gate, shipper, index)
  }

  async take(...steps: readonly Step[]): Promise<void> {
    for (const step of steps) await this.#steps[step]()
  }

  async outcome(): Promise<Outcome> {
    const documents = await this.documents()
    const records = documents.map(document => this.shipper.recordOf(document))
    const contents = new Map(records.map(record => [String(record.message), record]))
    const missing = this.log.lines.filter(line => {
      const expected = expectedOf(line)
      return !isDeepStrictEqual(contents.get(String(expected.message)), expected)
    })
    return { lines: this.log.lines.length, documents: documents.length, missing }
  }

  async documents(): Promise<readonly Readonly<Record<string, unknown>>[]> {
    await this.index.refresh()
    const { hits } = await this.#client.search<Record<string, unknown>>({ index: this.index.name, size: 10_000 })
    return hits.hits.map(({ _source = {} }) => _source)
  }

  async remove(): Promise<void> {
    await this.shipper.remove()
    await this.gate.close()
    await this.index.delete()
    await rm(this.logs, { recursive: true, force: true })
  }

  /** Either a request has come, or the shipper has said that it cannot send. */
  async #hasTried(): Promise<void> {
    const tries = () => this.gate.requests + this.shipper.complaints
    const before = tries()
    await this.#until('the shipper has tried', async () => tries() > before)
  }

  async #isStored(): Promise<void> {
    const count = async () => (await this.#client.count({ index: this.index.name })).count
    await this.#until('all lines are stored', async () => (await count()) >= this.log.lines.length)
  }

  async #until(what: string, is: () => Promise<boolean>): Promise<void> {
    await eventually(what, async () => (await is()) || undefined, { limitMs: LIMIT_MS }).catch(async error => {
      const { lines, documents } = await this.outcome()
      throw new Error(`${documents} documents of ${lines} lines\n${this.shipper.output}`, { cause: error })
    })
  }

  async #heal(): Promise<void> {
    await this.#spoil('open')
    await this.#client.indices.open({ index: this.index.name })
    await this.#block(false)
  }

  async #spoil(passage: Gate['passage']): Promise<void> {
    this.gate.passage = passage
  }

  async #block(isBlocked: boolean): Promise<void> {
    const settings = { 'index.blocks.read_only_allow_delete': isBlocked ? true : null }
    await this.#client.indices.putSettings({ index: this.index.name, settings })
  }
}

/** What a document must hold beside its times. */
function expectedOf(line: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(line)
  } catch {
    return { message: line, tags: 'unparsed' }
  }
}
