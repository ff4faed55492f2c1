import { ClawtrustError } from '../../core/errors.ts'

const sentences: Readonly<Record<number, string>> = {
  400: 'The request is not valid.',
  413: 'The body is too large.',
  415: 'The content type is not supported.',
  500: 'The request failed; see the log.',
  503: 'The request failed; try again, or see the log.',
}

/** The response to a request that failed, or was refused before its route: fastify's own sentence may quote the body. */
export function failedRequest(error: unknown): { readonly status: number; readonly body: string } {
  const { statusCode } = error as { readonly statusCode?: number }
  const status = statusCode ?? (error instanceof ClawtrustError && error.recoverable ? 503 : 500)
  return { status, body: `${sentences[status] ?? 'The request was refused.'}\n` }
}
