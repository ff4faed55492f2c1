import type { RouteHost } from '../../service/http/http-service.ts'

/** A file of a report; undefined where there is none of that name. */
export type ReadReportFile = (
  folder: string,
  file: string,
) => Promise<{ readonly bytes: Uint8Array; readonly mediaType: string } | undefined>

/** A document of its own: a style sheet and pictures within it, no script, nothing from elsewhere. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** `GET /reports/2026-11/report.html`: the files of the reports, as they are in their folder. */
export function reportRoutes(app: RouteHost, read: ReadReportFile): void {
  app.get<{ Params: { folder: string; file: string } }>('/reports/:folder/:file', async ({ params }, reply) => {
    const found = await read(params.folder, params.file)
    if (found === undefined) return reply.callNotFound()
    return reply
      .headers({
        'content-type': found.mediaType,
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      })
      .send(Buffer.from(found.bytes))
  })
}
