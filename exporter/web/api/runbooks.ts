import type { HttpServiceOptions } from '../../../service/http/http-service.ts'

/** Gives the runbook of an alert in Markdown; undefined where there is none. */
export type ReadRunbook = (alert: string) => Promise<string | undefined>

/** `GET /runbooks/ClawtrustBruteForce.md`: where the links of alerts lead, in the words of this version. */
export function runbookRoutes(read: ReadRunbook): NonNullable<HttpServiceOptions['routes']> {
  return app => {
    app.get<{ Params: { file: string } }>('/runbooks/:file', async ({ params }, reply) => {
      const [, alert] = /^(Clawtrust[A-Za-z]{1,64})\.md$/.exec(params.file) ?? []
      const text = alert === undefined ? undefined : await read(alert)
      return text === undefined ? reply.callNotFound() : reply.send(text)
    })
  }
}
