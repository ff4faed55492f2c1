import type { Clock } from '../../core/clock.ts'
import { failedRequest } from '../../service/http/failed-request.ts'
import type { RouteHost } from '../../service/http/http-service.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { RenderedPage } from '../../service/page/document.ts'
import type { ApprovalLinks } from './approval-links.ts'
import type { IncidentView } from './page/model.ts'
import { approvalPage } from './page/questions.ts'

export interface ApprovalOptions {
  readonly approvalLinks: () => ApprovalLinks
  readonly incident: (id: string) => IncidentView | undefined
  /** Resolves with the result in one sentence. */
  readonly answer: (id: string, approved: boolean, actor: string) => Promise<string>
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * The page behind a signed link. Reading it changes nothing, since messengers open links by themselves to preview
 * them; only its buttons do.
 */
export function registerApprovals(app: RouteHost, options: ApprovalOptions): void {
  app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 1_024 }, (_request, body, done) => done(null, body))
    scope.setErrorHandler((error, _request, reply) => {
      const { status, body } = failedRequest(error)
      // The address is the secret and must not be logged.
      if (status >= 500) options.logger.error('An approval request failed.', { error })
      return reply.code(status).send(body)
    })
    scope.get<{ Params: { token: string } }>('/approvals/:token', async (request, reply) => {
      const incident = incidentOf(request.params.token, options)
      return send(reply, incident === undefined ? 404 : 200, approvalPage(incident, undefined))
    })
    scope.post<{ Params: { token: string } }>('/approvals/:token', async (request, reply) => {
      const incident = incidentOf(request.params.token, options)
      if (incident === undefined) return send(reply, 404, approvalPage(undefined, undefined))
      const decision = decisionOf(String(request.body ?? ''))
      if (decision === undefined) return send(reply, 400, approvalPage(incident, UNDECIDED))
      const sentence = await options.answer(incident.id, decision === 'approve', `link from ${request.ip}`)
      return send(reply, 200, approvalPage(options.incident(incident.id), sentence))
    })
  })
}

const UNDECIDED =
  'Nothing was decided: the request must have the form field "decision" once, with the value approve or reject.'

/** Undefined where a request names no decision, several or an unknown one: it must not pass for a rejection. */
function decisionOf(form: string): 'approve' | 'reject' | undefined {
  const [decision, ...more] = new URLSearchParams(form).getAll('decision')
  return more.length === 0 && (decision === 'approve' || decision === 'reject') ? decision : undefined
}

interface Reply {
  code(status: number): { headers(values: Readonly<Record<string, string>>): { send(body: string): unknown } }
}

const send = (reply: Reply, status: number, { body, headers }: RenderedPage) =>
  reply.code(status).headers(headers).send(body)

function incidentOf(token: string, { approvalLinks, incident, clock }: ApprovalOptions): IncidentView | undefined {
  const id = approvalLinks().incidentOf(token, clock.now())
  return id === undefined ? undefined : incident(id)
}
