import type { Clock, EpochMs } from '../../core/clock.ts'
import { failureReason } from '../../core/errors.ts'
import type { NetworkSet } from '../../core/net/network-set.ts'
import { shared } from '../event-loop/shared.ts'
import { type FoundFile, WatchedFile } from '../files/watched-file.ts'
import type { Logger } from '../log/logger.ts'
import type { ThreatListConfig } from './config.ts'
import type { ParsedList } from './parse-list.ts'
import { type ReadList, readListInThread } from './read-list.ts'

interface Loaded {
  readonly list: ParsedList
  /** When the file was written, never later than when it was read. */
  readonly writtenAt: EpochMs
}

export interface ThreatListState {
  /** Whether the file could be read the last time; undefined before the first. */
  readonly up?: boolean
  /** One sentence where the list says nothing, or says what it said before its last failure. */
  readonly trouble?: string
  readonly list: ListContent
}

export interface ListContent {
  readonly entries: number
  /** Entries that were left out: no address, or far too wide to mean anything. */
  readonly refused: number
  /** Since the file was written that is in use. */
  readonly ageSeconds?: number
}

/**
 * A file of addresses and networks; not being on it means nothing. It is read at the start and when it changes. While a new
 * file cannot be read, the last good list stays in use until its age limit.
 */
export class ThreatList {
  readonly name: string
  readonly verdict: ThreatListConfig['verdict']
  readonly #config: ThreatListConfig
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #readList: ReadList
  #loaded: Loaded | undefined
  readonly #file: WatchedFile<Loaded>
  #trouble: string | undefined
  /** Reads the file again when it has changed; never rejects. */
  readonly refresh: () => Promise<void>

  constructor(config: ThreatListConfig, clock: Clock, logger: Logger, readList: ReadList = readListInThread) {
    this.name = config.name
    this.verdict = config.verdict
    this.#config = config
    this.#clock = clock
    this.#logger = logger
    this.#readList = readList
    this.#file = new WatchedFile(config.file, file => this.#read(file))
    this.refresh = shared(() => this.#refresh())
  }

  /** What is listed; undefined before the file was read once, and while it is older than its age limit. */
  get networks(): NetworkSet | undefined {
    return this.#isOld() ? undefined : this.#loaded?.list.networks
  }

  get ageSeconds(): number | undefined {
    if (this.#loaded === undefined) return undefined
    return Math.max(0, Math.round((this.#clock.now() - this.#loaded.writtenAt) / 1_000))
  }

  state(): ThreatListState {
    const { networks, refused = 0 } = this.#loaded?.list ?? {}
    const { ageSeconds } = this
    const list = { entries: networks?.size ?? 0, refused, ...(ageSeconds === undefined ? {} : { ageSeconds }) }
    const trouble = this.#trouble ?? (this.#isOld() ? 'the list is too old' : undefined)
    if (trouble === undefined) return this.#loaded === undefined ? { list } : { up: true, list }
    return { up: this.#trouble === undefined, trouble, list }
  }

  #isOld(): boolean {
    const age = this.ageSeconds
    return age !== undefined && age * 1_000 > this.#config.max_age
  }

  async #refresh(): Promise<void> {
    try {
      const loaded = await this.#file.changed()
      if (loaded === undefined) return
      this.#loaded = loaded
      this.#trouble = undefined
      const { networks, refused, format } = loaded.list
      const entries = networks.size
      this.#logger.info('Threat intelligence list loaded.', { list: this.name, entries, refused, format })
    } catch (error) {
      this.#failed(failureReason(error))
    }
  }

  async #read({ path, writtenAt }: FoundFile): Promise<Loaded> {
    const { format, column, allow_empty: allowEmpty } = this.#config
    const list = await this.#readList(path, { format, column, allowEmpty })
    return { list, writtenAt: Math.min(writtenAt, this.#clock.now()) }
  }

  #failed(reason: string): void {
    const trouble = `the list cannot be read (${reason})`
    if (trouble === this.#trouble) return
    this.#trouble = trouble
    const kept = this.#loaded === undefined ? 'its verdict is unknown' : 'the last good list stays in use until max_age'
    const { file } = this.#config
    this.#logger.error(`A threat intelligence list cannot be read; ${kept}.`, { list: this.name, file, reason })
  }
}
