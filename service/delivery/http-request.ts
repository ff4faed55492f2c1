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
  readonly fetch: typeof fetch
  /** Milliseconds. */
  readonly timeout: number
  /** The path of the reference in the response, separated by dots. */
  readonly reference: string | undefined
}

const MAX_REFERENCE = 200
const MAX_ANSWER_BYTES = 64 * 1024

/** Sends one HTTP request; never rejects. A request that was sent cannot be undone. */
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

/** Too early, too many requests, a conflict with another request, or a server error. */
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
