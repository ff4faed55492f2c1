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

/** Makes a call. Resolves with every answer of the server, refusals included; rejects where there is none. */
export type Ask = (call: Call) => Promise<Answer>

/** The call as Kibana's console and `curl` tutorials write it. */
export function written({ method, path, body }: Call): string {
  return body === undefined ? `${method} ${path}\n` : `${method} ${path}\n${JSON.stringify(body, null, 2)}\n`
}
