import { readFile, stat } from 'node:fs/promises'
import type { Clock } from '../../core/clock.ts'
import { Fault, failureReason } from '../../core/errors.ts'
import type { Target } from '../../core/net/target.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { Finding } from '../domain/evidence.ts'
import type { ListConfig } from './config.ts'
import { type ParsedList, parseList } from './list-formats.ts'
import type { IntelligenceSource, ListState } from './source.ts'

const MAX_BYTES = 256 * 1024 * 1024
/** A list that holds more of all IPv4 addresses calls everybody something. */
const MAX_SHARE = 1 / 8
/** How often the file is looked at, milliseconds. */
const LOOK_MS = 5_000

/** A file of addresses and networks. Not being on it means nothing. */
export class ListSource implements IntelligenceSource {
  readonly name: string
  readonly #config: ListConfig
  readonly #clock: Clock
  readonly #logger: Logger
  #list: ParsedList | undefined
  #modified = 0
  #stamp = ''
  #lookedAt = Number.NEGATIVE_INFINITY
  #trouble: string | undefined

  constructor(config: ListConfig, clock: Clock, logger: Logger) {
    this.name = config.name
    this.#config = config
    this.#clock = clock
    this.#logger = logger
  }

  async ask(target: Target): Promise<Finding> {
    await this.#refresh()
    const { trouble, ageSeconds } = this.state()
    const age = ageSeconds === undefined ? {} : { ageSeconds }
    if (trouble !== undefined) return { source: this.name, verdict: 'unknown', detail: trouble, ...age }
    const found = this.#list?.networks.covering(target)
    if (found === undefined) return { source: this.name, verdict: 'unknown', detail: 'not on the list', ...age }
    return { source: this.name, verdict: this.#config.verdict, detail: `listed as ${found.value}`, ...age }
  }

  state(): ListState {
    const entries = this.#list?.networks.size ?? 0
    const refused = this.#list?.refused ?? 0
    if (this.#list === undefined) return { entries, refused, trouble: this.#trouble ?? 'not read yet' }
    const ageSeconds = Math.max(0, Math.round((this.#clock.now() - this.#modified) / 1_000))
    const old = ageSeconds * 1_000 > this.#config.max_age
    const trouble = this.#trouble ?? (old ? 'the list is too old' : undefined)
    return { entries, refused, ageSeconds, ...(trouble === undefined ? {} : { trouble }) }
  }

  async #refresh(): Promise<void> {
    const now = this.#clock.monotonic()
    if (now - this.#lookedAt < LOOK_MS) return
    this.#lookedAt = now
    const { file, format, column } = this.#config
    try {
      const found = await stat(file)
      const stamp = `${found.ino}:${found.size}:${found.mtimeMs}`
      if (stamp === this.#stamp) return
      if (found.size > MAX_BYTES) throw new Fault('it is larger than 256 MiB')
      const list = parseList(await readFile(file, 'utf8'), format, column)
      if (list.share > MAX_SHARE) throw new Fault('it holds more than an eighth of all IPv4 addresses')
      this.#list = list
      this.#modified = found.mtimeMs
      this.#stamp = stamp
      this.#trouble = undefined
      const { entries, refused } = this.state()
      this.#logger.info('Threat intelligence list loaded.', { list: this.name, entries, refused })
    } catch (error) {
      const trouble = `the list cannot be read (${failureReason(error)})`
      if (trouble !== this.#trouble) this.#logger.error(trouble, { list: this.name, file })
      this.#trouble = trouble
      this.#list = undefined
      this.#stamp = ''
    }
  }
}
