import type { EpochMs } from '../../../../core/clock.ts'

/** A document, and from when on a search finds it. */
export interface Stored {
  readonly id: string
  readonly ingested: EpochMs
  readonly found: EpochMs
}

interface Asked {
  readonly query: { readonly bool: { readonly filter: readonly [{ readonly range: Readonly<Record<string, Range>> }] } }
  readonly aggs?: object
}

interface Range {
  readonly gt: EpochMs
  readonly lte: EpochMs
}

const FIELD = 'event.ingested'
const WHOLE = { timed_out: false, _shards: { total: 2, failed: 0 } }

/** As much of a client as a source needs, over documents that a search finds only some time after they were stored. */
export function clientOf(documents: readonly Stored[], clock: { now: EpochMs }, asked: () => void = () => undefined) {
  const within = ({ query }: Asked, at: EpochMs) => {
    const { gt, lte } = query.bool.filter[0].range[FIELD] as Range
    return documents.filter(({ ingested, found }) => ingested > gt && ingested <= lte && found <= at)
  }
  let opened = 0
  const client = {
    openPointInTime: async () => {
      opened = clock.now
      return { id: 'pit', ...WHOLE }
    },
    closePointInTime: async () => ({}),
    search: async (request: Asked) => {
      asked()
      if (request.aggs !== undefined) {
        const value = within(request, clock.now).reduce((newest, { ingested }) => Math.max(newest, ingested), 0)
        return { ...WHOLE, aggregations: { newest: { value }, minutes: { buckets: [] } } }
      }
      const hits = within(request, opened).map(({ id, ingested }) => ({
        _id: id,
        _index: 'logs',
        _source: { message: id },
        fields: { [FIELD]: [String(ingested)] },
        sort: [0],
      }))
      return Buffer.from(JSON.stringify({ ...WHOLE, hits: { hits } }))
    },
    close: async () => undefined,
  }
  return client
}
