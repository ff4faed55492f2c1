import type { Fetch } from '../../enrichment/http-provider.ts'
import type { Action, ActionResult } from '../step.ts'
import { type Address, type DeliveryFacts, type RenderedRequest, renderRequest } from './templates/render.ts'
import type { Template } from './templates/template.ts'

export interface RequestSubject {
  readonly template: Template
  readonly facts: DeliveryFacts
  readonly address: Address
}

export interface RequestPlan {
  readonly request: RenderedRequest
  readonly destination: string
  readonly reference: string | undefined
}

/** What an attempt came to. */
export interface RequestResult extends ActionResult {
  /** False where trying again changes nothing: the receiver understood and refused. */
  readonly retryable: boolean
  /** Milliseconds that the receiver asked to wait. */
  readonly retryAfter?: number
  /** What the receiver calls it: a ticket's number. */
  readonly reference?: string
}

const MOST_REFERENCE = 200
const MAX_ANSWER_BYTES = 64 * 1024

/** Sends one HTTP request to a destination. What was sent cannot be taken back. */
export class HttpRequest implements Action<RequestSubject, RequestPlan> {
  readonly #fetch: Fetch
  readonly #destination: string
  readonly #timeout: number
  #last: RequestResult | undefined

  /** @param timeout milliseconds */
  constructor(fetcher: Fetch, destination: string, timeout: number) {
    this.#fetch = fetcher
    this.#destination = destination
    this.#timeout = timeout
  }

  plan({ template, facts, address }: RequestSubject): RequestPlan {
    const request = renderRequest(template, facts, address)
    return { request, destination: this.#destination, reference: template.reference }
  }

  async apply({ request, reference }: RequestPlan): Promise<RequestResult> {
    this.#last = await this.#send(request, reference)
    return this.#last
  }

  /** The receiver's own answer is all that can be known. */
  async verify(): Promise<ActionResult> {
    return this.#last ?? { ok: false, detail: 'nothing was sent yet' }
  }

  async revert(): Promise<ActionResult> {
    return { ok: false, detail: 'what was sent cannot be taken back' }
  }

  describe(): string {
    return `Send one request to ${this.#destination}.`
  }

  async #send({ url, headers, body }: RenderedRequest, reference: string | undefined): Promise<RequestResult> {
    try {
      const signal = AbortSignal.timeout(this.#timeout)
      const response = await this.#fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
      const text = (await response.text()).slice(0, MAX_ANSWER_BYTES)
      if (response.ok)
        return { ok: true, retryable: false, detail: `answered ${response.status}`, ...referenceIn(text, reference) }
      return {
        ok: false,
        detail: `answered ${response.status}`,
        retryable: isRetryable(response.status),
        ...retryAfter(response),
      }
    } catch (error) {
      // The address may be the secret, and the message may quote it.
      const cause = (error as Error & { cause?: NodeJS.ErrnoException }).cause?.code
      const why =
        (error as Error).name === 'TimeoutError' ? `no answer within ${this.#timeout} ms` : (cause ?? 'no connection')
      return { ok: false, detail: why, retryable: true }
    }
  }
}

/** Too early, too many, at odds with another request, or the receiver's own fault. */
function isRetryable(status: number): boolean {
  return status >= 500 || [408, 409, 425, 429].includes(status)
}

function retryAfter(response: Response): { retryAfter?: number } {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfter: seconds * 1_000 } : {}
}

function referenceIn(text: string, path: string | undefined): { reference?: string } {
  if (path === undefined) return {}
  try {
    const found = path.split('.').reduce<unknown>((at, key) => Object(at)[key], JSON.parse(text))
    return found === undefined || typeof found === 'object' ? {} : { reference: String(found).slice(0, MOST_REFERENCE) }
  } catch {
    return {}
  }
}
