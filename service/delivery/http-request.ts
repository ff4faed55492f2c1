import { parseJson, valueAt } from '../../core/json.ts'
import { boundedFetch, type Fetch, RequestFailed } from '../http-client/bounded-fetch.ts'
import { foreignWords } from '../http-client/foreign-words.ts'
import type { RenderedRequest } from './templates/render.ts'

/** The result of an attempt. */
export interface RequestResult {
  readonly ok: boolean
  /** A few words: the receiver's response, or why there is none. */
  readonly detail: string
  /** If it failed: true if another attempt may succeed. */
  readonly retryable: boolean
  /** Milliseconds that the receiver requested to wait. */
  readonly retryAfter?: number
  /** The receiver's own identifier: the number of a ticket. */
  readonly reference?: string
}

export interface RequestOptions {
  readonly fetch: Fetch
  /** Milliseconds. */
  readonly timeout: number
  /** The path of the reference in the response, separated by dots. */
  readonly reference: string | undefined
  /** Texts that are removed from what the receiver says: some receivers quote the token that they refuse. */
  readonly secrets: readonly string[]
}

const MAX_REFERENCE = 200
const MAX_WORDS = 200
const MAX_ANSWER_BYTES = 64 * 1024

/** Sends one HTTP request; never rejects. A request that was sent cannot be undone. */
export async function sendRequest(
  { url, headers, body }: RenderedRequest,
  { fetch, timeout, reference, secrets }: RequestOptions,
): Promise<RequestResult> {
  const bounds = { timeout, largest: MAX_ANSWER_BYTES }
  try {
    const answer = await boundedFetch(fetch, url, { method: 'POST', headers, body, redirect: 'manual' }, bounds)
    const { status, text } = answer
    // The receiver has taken it, whatever becomes of the rest of its answer.
    if (status >= 200 && status < 300) {
      return { ok: true, retryable: false, detail: `answered ${status}`, ...referenceIn(text, reference, secrets) }
    }
    const words = foreignWords(text, MAX_WORDS, secrets)
    const detail = words === '' ? `answered ${status}` : `answered ${status}: ${words}`
    return { ok: false, detail, retryable: isRetryable(status), ...retryAfter(answer.headers) }
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error
    return { ok: false, detail: error.message, retryable: error.retryable }
  }
}

/** Too early, too many requests, a conflict with another request, or a server error. */
function isRetryable(status: number): boolean {
  return status >= 500 || [408, 409, 425, 429].includes(status)
}

function retryAfter(headers: Headers): { retryAfter?: number } {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfter: seconds * 1_000 } : {}
}

function referenceIn(text: string, path: string | undefined, secrets: readonly string[]): { reference?: string } {
  if (path === undefined) return {}
  const found = valueAt(parseJson(text), ...path.split('.'))
  if (typeof found !== 'string' && typeof found !== 'number') return {}
  return { reference: foreignWords(String(found), MAX_REFERENCE, secrets) }
}
