import type { Clock, EpochMs } from '../../core/clock.ts'
import { failureReason } from '../../core/errors.ts'
import type { Target } from '../../core/net/target.ts'
import { shared } from '../../service/event-loop/shared.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { Finding } from '../domain/evidence.ts'
import type { ListConfig } from './config.ts'
import type { ParsedList } from './parse-list.ts'
import { type ReadList, readListInThread } from './read-list.ts'
import type { IntelligenceSource, SourceState } from './source.ts'
import { type FoundFile, WatchedFile } from './watched-file.ts'

interface Loaded {
  readonly list: ParsedList
  /** When the file was written, never later than when it was read. */
  readonly writtenAt: EpochMs
}

/**
 * A file of addresses and networks; not being on it means nothing. It is read at the start and when it changes. While a new
 * file cannot be read, the last good list stays in use until its age limit.
 */
export class ListSource implements IntelligenceSource {
  readonly name: string
  readonly #config: ListConfig
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #readList: ReadList
  #loaded: Loaded | undefined
  readonly #file: WatchedFile<Loaded>
  #trouble: string | undefined
  readonly refresh: () => Promise<void>

  constructor(config: ListConfig, clock: Clock, logger: Logger, readList: ReadList = readListInThread) {
    this.name = config.name
    this.#config = config
    this.#clock = clock
    this.#logger = logger
    this.#readList = readList
    this.#file = new WatchedFile(config.file, file => this.#read(file))
    this.refresh = shared(() => this.#refresh())
  }

  async ask(target: Target): Promise<Finding> {
    return this.lookUp(target)
  }

  lookUp(target: Target): Finding {
    const age = this.#ageSeconds()
    const finding = { source: this.name, ...(age === undefined ? {} : { ageSeconds: age }) }
    if (this.#loaded === undefined || this.#isOld()) {
      return { ...finding, verdict: 'unknown', detail: this.state().trouble ?? 'the list was not read yet' }
    }
    const found = this.#loaded.list.networks.covering(target)
    if (found === undefined) return { ...finding, verdict: 'unknown', detail: 'not on the list' }
    return { ...finding, verdict: this.#config.verdict, detail: `listed as ${found.text}` }
  }

  state(): SourceState {
    const { networks, refused = 0 } = this.#loaded?.list ?? {}
    const ageSeconds = this.#ageSeconds()
    const list = { entries: networks?.size ?? 0, refused, ...(ageSeconds === undefined ? {} : { ageSeconds }) }
    const trouble = this.#trouble ?? (this.#isOld() ? 'the list is too old' : undefined)
    if (trouble === undefined) return this.#loaded === undefined ? { list } : { up: true, list }
    return { up: this.#trouble === undefined, trouble, list }
  }

  #ageSeconds(): number | undefined {
    if (this.#loaded === undefined) return undefined
    return Math.max(0, Math.round((this.#clock.now() - this.#loaded.writtenAt) / 1_000))
  }

  #isOld(): boolean {
    const age = this.#ageSeconds()
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
