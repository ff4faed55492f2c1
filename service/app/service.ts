import type { Clock } from '../../core/clock.ts'
import { SerialQueue } from '../../core/collections/serial-queue.ts'
import { ClawtrustError } from '../../core/errors.ts'
import type { ProcessMetrics } from '../exposition/process-metrics.ts'
import type { Logger } from '../log/logger.ts'

/** A service of clawtrust, as the command line and other programs run it. */
export interface Service {
  /** Resolves when it answers; the address is the one to open. */
  start(): Promise<{ readonly url: string }>
  /** Resolves when everything is written; also where the start failed or is still under way. */
  stop(): Promise<void>
  /** Loads the configuration again; rejects where it is refused and the old one stays in force. */
  reload(): Promise<void>
}

/** What every service gets from outside. */
export interface ServiceSetup<Loaded> {
  readonly version: string
  readonly logger: Logger
  /** True where other machines may connect without authentication. */
  readonly allowUnauthenticated: boolean
  /** Reads the configuration; rejects where it is wrong. */
  readonly loadConfig: () => Promise<Loaded>
  /** Default: the system's. */
  readonly clock?: Clock
}

/** What one kind of service does at each turn of its life. */
export interface ServiceParts<Loaded> {
  readonly setup: Pick<ServiceSetup<Loaded>, 'loadConfig' | 'logger'>
  readonly clock: Clock
  readonly process: Pick<ProcessMetrics, 'configReloaded'>
  /** Keys that only a restart can change, by their names in the file, with their values. */
  fixed(loaded: Loaded): Readonly<Record<string, unknown>>
  start(loaded: Loaded): Promise<{ readonly url: string }>
  /** Puts a configuration in force; where it throws, the old one is in force. */
  reload(loaded: Loaded): Promise<void>
  stop(): Promise<void>
}

/** The life of a service: starts, reloads and stops one after the other, and the configuration that is in force. */
export class ServiceLife<Loaded> implements Service {
  readonly #parts: ServiceParts<Loaded>
  readonly #turns = new SerialQueue()
  #loaded: Loaded

  constructor(loaded: Loaded, parts: ServiceParts<Loaded>) {
    this.#loaded = loaded
    this.#parts = parts
  }

  /** The configuration in force. */
  get loaded(): Loaded {
    return this.#loaded
  }

  start(): Promise<{ readonly url: string }> {
    return this.#turns.run(async () => {
      const started = await this.#parts.start(this.#loaded)
      this.#reloaded(true)
      return started
    })
  }

  /** @throws ClawtrustError CONFIG_NEEDS_RESTART, and what the configuration or the service throws */
  reload(): Promise<void> {
    return this.#turns.run(async () => {
      try {
        const loaded = await this.#parts.setup.loadConfig()
        this.#refuseFixedChanges(loaded)
        await this.#parts.reload(loaded)
        this.#loaded = loaded
      } catch (error) {
        this.#reloaded(false)
        throw error
      }
      this.#reloaded(true)
      this.#parts.setup.logger.info('Configuration reloaded.')
    })
  }

  stop(): Promise<void> {
    return this.#turns.run(() => this.#parts.stop())
  }

  #reloaded(isSuccessful: boolean): void {
    this.#parts.process.configReloaded(isSuccessful, this.#parts.clock.now())
  }

  /** What only a restart can change is refused at a reload, rather than quietly kept. */
  #refuseFixedChanges(loaded: Loaded): void {
    const before = this.#parts.fixed(this.#loaded)
    for (const [key, value] of Object.entries(this.#parts.fixed(loaded))) {
      if (JSON.stringify(before[key]) === JSON.stringify(value)) continue
      throw new ClawtrustError('CONFIG_NEEDS_RESTART', `${key} cannot be changed by a reload; restart clawtrust.`)
    }
  }
}
