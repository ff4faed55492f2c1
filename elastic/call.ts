import { valueAt } from '../core/json.ts'

/** One call of Elasticsearch's REST API, as data: to be shown, compared or made. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** With a leading slash, without a host. */
  readonly path: string
  readonly body?: object
}

export interface Answer {
  readonly status: number
  readonly body: unknown
}

/** Makes a call. Resolves with every response of the server, including refusals; rejects if there is no response. */
export type Ask = (call: Call) => Promise<Answer>

/** The call in the notation of Kibana's console. */
export function written({ method, path, body }: Call): string {
  return body === undefined ? `${method} ${path}\n` : `${method} ${path}\n${JSON.stringify(body, null, 2)}\n`
}

/** The reason for a refusal, as the server gives it. */
export function refusal({ status, body }: Answer): string {
  const error = valueAt(body, 'error')
  const reason = valueAt(error, 'reason') ?? error
  return `${status}${typeof reason === 'string' ? `: ${reason.slice(0, 300)}` : ''}`
}
