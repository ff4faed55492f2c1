import { type Client, errors } from '@elastic/elasticsearch'
import { countsOf } from '../model/build.ts'
import { ocsfRenderer } from '../render/data/ocsf.ts'
import { renderForms } from '../render/render-forms.ts'
import type { SendParcel } from './sending.ts'

/**
 * Writes a report into an index of Elasticsearch: one document for each control, as OCSF Compliance Finding, and one for
 * the report. They are only created, never changed, and their ids follow from the report: a delivery that is repeated
 * writes none twice.
 */
export const indexSender =
  (client: Client, index: string): SendParcel =>
  async ({ report, manifest }, _, signal) => {
    // Whatever forms are configured.
    const [findings] = await renderForms(report, [ocsfRenderer])
    const lines = Buffer.from(findings?.bytes ?? [])
      .toString('utf8')
      .split('\n')
      .filter(Boolean)
    // Of the redacted report other documents than of the full one, where both go to one index.
    const id = report.redacted ? `${report.id}-redacted` : report.id
    const documents: readonly (readonly [string, object])[] = [
      ...lines.map((line, at): [string, object] => [`${id}-${at}`, stamped(JSON.parse(line), report.period.end)]),
      [
        id,
        {
          '@timestamp': report.period.end,
          event: { kind: 'state', category: ['configuration'], dataset: 'clawtrust.compliance' },
          clawtrust: {
            report: report.id,
            title: report.title,
            period: report.period,
            synthetic: report.synthetic,
            redacted: report.redacted,
            counts: countsOf(report.controls),
            coverage: report.coverage.share,
            manifest,
          },
        },
      ],
    ]
    const operations = documents.flatMap(([_id, document]) => [{ create: { _index: index, _id } }, document])
    const { items } = await client.bulk({ operations, refresh: false }, { signal })
    const failed = items.filter(({ create }) => create?.error !== undefined && create.status !== 409)
    const [first] = failed
    if (first !== undefined) {
      const status = first.create?.status ?? 0
      const detail = `${failed.length} of ${items.length} documents were refused with status ${status}`
      return { ok: false, retryable: status >= 500 || status === 429, detail }
    }
    return { ok: true, retryable: false, detail: `${items.length} documents in ${index}` }
  }

const stamped = (finding: object, end: string): object => ({ '@timestamp': end, ...finding })

/** Whether a later attempt may succeed. */
export const isRefused = (error: unknown): error is errors.ResponseError =>
  error instanceof errors.ResponseError && [400, 401, 403].includes(error.statusCode ?? 0)
