import type { Client } from '@elastic/elasticsearch'
import type { ClawtrustError } from '../../../core/errors.ts'
import { type Asked, explainFailure, isRefusal } from '../../../service/elasticsearch/failure.ts'

export interface LinkOptions {
  readonly asked: Asked
  /** A new client; credentials and certificates are read from their files each time. */
  readonly connect: () => Promise<Client>
  /** Rejects where the indices cannot be read as configured. */
  readonly check: (client: Client) => Promise<void>
}

/**
 * The connection of one reader. After a failure it is checked before it is used again; it is made anew only where
 * credentials or certificates were refused, because a client knows which of its nodes are lost.
 */
export class Link {
  readonly #options: LinkOptions
  #client: Client | undefined
  #checked = false

  constructor(options: LinkOptions) {
    this.#options = options
  }

  async client(): Promise<Client> {
    this.#client ??= await this.#options.connect()
    if (!this.#checked) await this.#options.check(this.#client)
    this.#checked = true
    return this.#client
  }

  /** Takes note of a failure and says in one sentence what it was. */
  async failed(failure: unknown): Promise<ClawtrustError> {
    this.#checked = false
    const explained = explainFailure(failure, this.#options.asked)
    if (isRefusal(explained)) await this.close()
    return explained
  }

  async close(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    await client?.close().catch(() => undefined)
  }
}
