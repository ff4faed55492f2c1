import type { RenderedRequest } from './templates/render.ts'

/** What an attempt came to. */
export interface RequestResult {
  readonly ok: boolean
  /** A few words: what the receiver answered, or why there is no answer. */
  readonly detail: string
  /** Where it is not ok: true where another attempt may succeed. */
  readonly retryable: boolean
  /** Milliseconds that the receiver asked to wait. */
  readonly retryAfter?: number
  /** The receiver's own identifier: the number of a ticket. */
  readonly reference?: string
}

export interface RequestOptions {
  readonly fetch: typeof fetch
  /** Milliseconds. */
  readonly timeout: number
  /** Where in the answer the reference is, as a dotted path. */
  readonly reference: string | undefined
}

const MAX_REFERENCE = 200
const MAX_ANSWER_BYTES = 64 * 1024

/** Sends one HTTP request; never rejects. What was sent cannot be taken back. */
export async function sendRequest(
  { url, headers, body }: RenderedRequest,
  options: RequestOptions,
): Promise<RequestResult> {
  try {
    const signal = AbortSignal.timeout(options.timeout)
    const response = await options.fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
    const text = (await response.text()).slice(0, MAX_ANSWER_BYTES)
    const detail = `answered ${response.status}`
    if (response.ok) return { ok: true, retryable: false, detail, ...referenceIn(text, options.reference) }
    return { ok: false, detail, retryable: isRetryable(response.status), ...retryAfter(response) }
  } catch (error) {
    // The address may be the secret, and the message may quote it.
    const cause = (error as Error & { cause?: NodeJS.ErrnoException }).cause?.code
    const isLate = (error as Error).name === 'TimeoutError'
    const detail = isLate ? `no answer within ${options.timeout} ms` : (cause ?? 'no connection')
    return { ok: false, detail, retryable: true }
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
    return found === undefined || typeof found === 'object' ? {} : { reference: String(found).slice(0, MAX_REFERENCE) }
  } catch {
    return {}
  }
}
