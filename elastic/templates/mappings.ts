/** Kept in the document and never indexed: accepts a string as well as an object. */
const unindexed = { type: 'object', enabled: false } as const
const keyword = { type: 'keyword', ignore_above: 1024 } as const
const date = { type: 'date' } as const

/**
 * Mapping of OpenClaw's log lines.
 *
 * `dynamic: false` rather than `true` or `strict`: a field that is not listed is kept and can be read, but neither
 * changes the mapping nor refuses the document. With dynamic mapping the first line decides the type of `1`, and every
 * line with the other type is refused, among them each refused connection; a strict mapping refuses lines of a later
 * release with new fields. The logger's arguments (`0` to `3`) and `_meta` change their type with the call and are not
 * indexed, so that they stay harmless if an operator enables dynamic mapping.
 *
 * `host` and `client` are left out on purpose: they are objects in ECS and strings in the JSON console, which an object
 * mapping would refuse.
 */
export const mappings = {
  dynamic: false,
  properties: {
    '@timestamp': date,
    event: {
      properties: {
        ingested: date,
        dataset: keyword,
        original: { ...keyword, index: false, doc_values: false, ignore_above: 32766 },
      },
    },
    data_stream: { properties: { type: keyword, dataset: keyword, namespace: keyword } },
    message: { type: 'text' },
    hostname: keyword,
    traceId: keyword,
    service: { properties: { name: keyword, instance: { properties: { id: keyword } } } },
    openclaw_line: { properties: { cause: keyword, auth_reason: keyword, remote_address: keyword, level: keyword } },
    '0': unindexed,
    '1': unindexed,
    '2': unindexed,
    '3': unindexed,
    _meta: unindexed,
    openclaw: unindexed,
    json: unindexed,
  },
} as const
