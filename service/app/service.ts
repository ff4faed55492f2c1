import type { Clock } from '../../core/clock.ts'
import { SerialQueue } from '../../core/collections/serial-queue.ts'
import { ClawtrustError } from '../../core/errors.ts'
import type { ProcessMetrics } from '../exposition/process-metrics.ts'
import type { Logger } from '../log/logger.ts'

/** A service of clawtrust, as the command line and other programs run it. */
export interface Service {
  /** Resolves when the service listens; the address to open in a browser. */
  start(): Promise<{ readonly url: string }>
  /** Resolves when everything is written; also if the start failed or is still in progress. */
  stop(): Promise<void>
  /** Loads the configuration again; rejects if it is refused, and the previous one stays in force. */
  reload(): Promise<void>
}

/** The dependencies of every service. */
export interface ServiceSetup<Loaded> {
  readonly version: string
  readonly logger: Logger
  /** True if other machines may connect without authentication. */
  readonly allowUnauthenticated: boolean
  /** Reads the configuration; rejects if it is invalid. */
  readonly loadConfig: () => Promise<Loaded>
  /** Default: the system's. */
  readonly clock?: Clock
}

/** The parts of a service that differ by its kind. */
export interface ServiceParts<Loaded> {
  readonly setup: Pick<ServiceSetup<Loaded>, 'loadConfig' | 'logger'>
  readonly clock: Clock
  readonly process: Pick<ProcessMetrics, 'configReloaded'>
  /** Keys that can only be changed by a restart, by their names in the file, with their values. */
  fixed(loaded: Loaded): Readonly<Record<string, unknown>>
  start(loaded: Loaded): Promise<{ readonly url: string }>
  /** Applies a configuration; if it throws, the previous one stays in force. */
  reload(loaded: Loaded): Promise<void>
  stop(): Promise<void>
}

/**
 * The lifecycle of a service: runs start, reload and stop one after the other, and keeps the configuration in force.
 */
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

  /** @throws ClawtrustError CONFIG_NEEDS_RESTART, and the errors of the configuration and the service */
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

  /** A change that needs a restart is refused at a reload rather than silently ignored. */
  #refuseFixedChanges(loaded: Loaded): void {
    const before = this.#parts.fixed(this.#loaded)
    for (const [key, value] of Object.entries(this.#parts.fixed(loaded))) {
      if (JSON.stringify(before[key]) === JSON.stringify(value)) continue
      throw new ClawtrustError('CONFIG_NEEDS_RESTART', `${key} cannot be changed by a reload; restart clawtrust.`)
    }
  }
}
