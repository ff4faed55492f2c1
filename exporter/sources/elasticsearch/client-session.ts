import type { Client } from '@elastic/elasticsearch'
import type { ClawtrustError } from '../../../core/errors.ts'
import { type Asked, explainFailure, isRefusal } from '../../../service/elasticsearch/failure.ts'

export interface ClientSessionOptions {
  readonly asked: Asked
  /** A new client; credentials and certificates are read from their files each time. */
  readonly connect: () => Promise<Client>
  /** Rejects where the indices cannot be read as configured. */
  readonly check: (client: Client) => Promise<void>
}

/** After this many failures in a row a new client is made: a certificate or an address may have changed. */
const REMADE_AFTER = 5

/**
 * The connection of one reader. After a failure it is checked before it is used again. It is replaced at once where
 * credentials or certificates were refused, and otherwise seldom, because a client knows which of its nodes are lost.
 */
export class ClientSession {
  readonly #options: ClientSessionOptions
  #client: Client | undefined
  #checked = false
  #failures = 0

  constructor(options: ClientSessionOptions) {
    this.#options = options
  }

  async client(): Promise<Client> {
    this.#client ??= await this.#options.connect()
    if (!this.#checked) await this.#options.check(this.#client)
    this.#checked = true
    this.#failures = 0
    return this.#client
  }

  /** Takes note of a failure and says in one sentence what it was. */
  async failed(failure: unknown): Promise<ClawtrustError> {
    this.#checked = false
    this.#failures++
    const explained = explainFailure(failure, this.#options.asked)
    if (isRefusal(explained) || this.#failures % REMADE_AFTER === 0) await this.close()
    return explained
  }

  async close(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    await client?.close().catch(() => undefined)
  }
}
