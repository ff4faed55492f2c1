import { Fault, failureCode } from '../../core/errors.ts'

export type Fetch = typeof fetch

export interface FetchBounds {
  /** Milliseconds for the whole exchange, its body included. */
  readonly timeout: number
  /** Bytes of the body that are read; the rest is not received. */
  readonly largest: number
  /** Ends the exchange earlier. */
  readonly signal?: AbortSignal
}

export interface BoundedAnswer {
  readonly status: number
  readonly headers: Headers
  /** The body, or the part of it that was read. */
  readonly text: string
  /** Why the body was not read to its end, in words of our own; undefined where it was. */
  readonly incomplete?: string
}

/** There is no answer. The message is of our own words; a foreign one may quote the address or a header. */
export class RequestFailed extends Fault {
  /** True where the same request may succeed later. */
  readonly retryable: boolean

  constructor(message: string, retryable: boolean) {
    super(message)
    this.name = 'RequestFailed'
    this.retryable = retryable
  }
}

/** What a value of a header may hold so that no client or server reads it otherwise (RFC 9110, section 5.5). */
export const HEADER_VALUE = /^[\x20-\x7e]*$/

/**
 * The one way in which clawtrust sends HTTP requests, beside Elasticsearch's client: bounded by time and by the bytes of
 * the answer. A body that goes on beyond either is cancelled, and its connection is closed.
 *
 * @throws RequestFailed where no status arrived
 */
export async function boundedFetch(
  fetcher: Fetch,
  url: string | URL,
  init: RequestInit & { readonly headers: Readonly<Record<string, string>> },
  { timeout, largest, signal }: FetchBounds,
): Promise<BoundedAnswer> {
  refuseInvalid(url, init.headers)
  const late = AbortSignal.timeout(timeout)
  const end = signal === undefined ? late : AbortSignal.any([late, signal])
  const why = (error: unknown): string => {
    if (late.aborted) return `no answer within ${timeout} ms`
    return end.aborted ? 'the request was given up' : (failureCode(error) ?? 'no connection')
  }
  let response: Response
  try {
    response = await untilAborted(fetcher(url, { ...init, signal: end }), end)
  } catch (error) {
    throw new RequestFailed(why(error), true)
  }
  const { status, headers } = response
  return { status, headers, ...(await readBody(response, { largest, end, why })) }
}

/** Why a request to an address would be refused, without the address, which may be a secret. */
export function wrongAddress(url: string): string | undefined {
  const address = URL.parse(url)
  if (address === null || !/^https?:$/.test(address.protocol)) return 'is not an http or https URL'
  const hasCredentials = address.username !== '' || address.password !== ''
  return hasCredentials ? 'contains a user or a password; remove them' : undefined
}

/** Checks what fetch would refuse in an error that quotes it. */
function refuseInvalid(url: string | URL, headers: Readonly<Record<string, string>>): void {
  const wrong = wrongAddress(String(url))
  if (wrong !== undefined) throw new RequestFailed(`the address ${wrong}`, false)
  const invalid = Object.entries(headers).find(([, value]) => !HEADER_VALUE.test(value))
  if (invalid !== undefined) {
    throw new RequestFailed(`the value of the header ${invalid[0]} holds characters that a header cannot hold`, false)
  }
}

async function readBody(
  { body }: Response,
  bounds: { readonly largest: number; readonly end: AbortSignal; readonly why: (error: unknown) => string },
): Promise<Pick<BoundedAnswer, 'text' | 'incomplete'>> {
  if (body === null) return { text: '' }
  const { largest, end, why } = bounds
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let left = largest
  try {
    for (;;) {
      const { done, value } = await untilAborted(reader.read(), end)
      if (done) return { text: text + decoder.decode() }
      text += decoder.decode(value.subarray(0, left), { stream: true })
      left -= value.length
      if (left < 0) return { text, incomplete: `the answer is larger than ${largest} bytes` }
    }
  } catch (error) {
    return { text, incomplete: why(error) }
  } finally {
    // It rejects where the body has failed already.
    reader.cancel().catch(() => {})
  }
}

/** Rejects when the signal is aborted, whether or not the work follows it. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
