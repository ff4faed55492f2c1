/** A document as an answer brings it. */
export interface Stored {
  readonly index?: string
  readonly id: string
  readonly time?: number | string
  /** None where the document was too large to be fetched. */
  readonly source?: unknown
}

/** An answer to a search of one page, as Elasticsearch writes it. */
export function answerWith(documents: readonly Stored[], rest: Readonly<Record<string, unknown>> = {}): Buffer {
  const hits = documents.map(({ index = 'logs', id, time = '1764262800000', source }, number) => ({
    _index: index,
    _id: id,
    ...(source === undefined ? {} : { _source: source }),
    fields: { 'event.ingested': [String(time)] },
    sort: [number],
  }))
  const shards = { total: 1, successful: 1, skipped: 0, failed: 0 }
  return Buffer.from(JSON.stringify({ pit_id: 'pit', timed_out: false, _shards: shards, ...rest, hits: { hits } }))
}
