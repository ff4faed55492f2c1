import { describe, expect, it } from '@jest/globals'
import type { Answer, Call } from '../../../elastic/call.ts'
import { checkIndices, checkPrivileges } from '../../../elastic/check/access.ts'
import { checkServer } from '../../../elastic/check/all.ts'
import { checkClocks } from '../../../elastic/check/clocks.ts'
import type { Subject } from '../../../elastic/check/contract.ts'
import { checkCursorField, checkMapping } from '../../../elastic/check/mapping.ts'
import { checkUndated } from '../../../elastic/check/undated.ts'

const NOW = Date.UTC(2026, 10, 24, 12)
const MINUTE = 60_000

function answering(body: unknown, status = 200, index = ['logs-*']): Subject {
  const ask = async (): Promise<Answer> => ({ status, body })
  return { ask, index, cursorField: 'event.ingested', now: () => NOW }
}

async function said(findings: Promise<readonly { kind: string; sentence: string }[]>): Promise<string> {
  return (await findings).map(({ kind, sentence }) => `${kind} ${sentence}`).join('\n')
}

describe('the check of privileges', () => {
  it('names what is missing, and on which pattern', async () => {
    const granted = { index: { 'logs-*': { read: true, view_index_metadata: false } } }
    const words = await said(checkPrivileges(answering(granted)))
    expect(words).toContain('problem view_index_metadata is missing on logs-*')
  })

  it('says that security is disabled where the server knows no privileges', async () => {
    expect(await said(checkPrivileges(answering({ error: 'no handler found' }, 400)))).toContain(
      'note security is disabled',
    )
  })

  it('does not ask about a remote cluster', async () => {
    expect(await said(checkPrivileges(answering({}, 200, ['far:logs-*'])))).toContain('remote cluster')
  })
})

describe('the check of indices', () => {
  const found = (shards: number, failed: number, value: number) => ({
    _shards: { total: shards, failed },
    hits: { total: { value } },
  })

  it.each([
    [found(0, 0, 0), 'problem no index matches logs-*'],
    [found(3, 1, 10), 'problem 1 of 3 shards'],
    [found(1, 0, 0), 'contains no document'],
    [found(2, 0, 7), 'ok logs-* contains 7 documents'],
  ])('says of %j: %s', async (body, words) => {
    expect(await said(checkIndices(answering(body)))).toContain(words)
  })
})

describe('the check of closed indices', () => {
  /** Some indices that match, by what a search and a list of the closed ones respond. */
  const withClosed = (names: readonly string[], search: Answer): Subject => ({
    ...answering({}),
    ask: async ({ path }) => {
      const indices = names.map(name => ({ name, attributes: ['closed'] }))
      return path.startsWith('/_resolve/') ? { status: 200, body: { indices } } : search
    },
  })
  const open = { status: 200, body: { _shards: { total: 1, failed: 0 }, hits: { total: { value: 7 } } } }
  const none = { status: 200, body: { _shards: { total: 0 } } }

  it.each([
    [
      ['logs-1'],
      open,
      'ok logs-* contains 7 documents in 1 shards\nnote logs-1 is closed, so what it contains is not read; open it (POST /logs-1/_open), or leave it out of index',
    ],
    [['logs-1', 'logs-2'], none, 'problem logs-1, logs-2 are closed, so what they contain is not read'],
    [['a', 'b', 'c', 'd', 'e'], none, 'problem a, b, c and 2 others are closed'],
    [
      [],
      { status: 400, body: { error: { type: 'index_closed_exception', reason: 'closed' } } },
      'problem logs-* is closed',
    ],
    [[], none, 'problem no index matches'],
  ])('says of %j: %j', async (names, search, words) => {
    expect(await said(checkIndices(withClosed(names, search)))).toContain(words)
  })
})

describe('the check of indices of a remote cluster', () => {
  it.each([
    [
      200,
      {
        ...{ _shards: { total: 1, failed: 0 }, hits: { total: { value: 7 } } },
        _clusters: { details: { '(local)': { status: 'successful' }, far: { status: 'skipped' } } },
      },
    ],
    [502, { error: { type: 'connect_transport_exception', reason: 'connect_exception' } }],
  ])('says of an answer %i without it that nothing is read', async (status, body) => {
    const words = await said(checkIndices(answering(body, status, ['far:logs-*', 'logs-*'])))
    expect(words).toContain('problem the remote cluster far does not answer, so nothing is read until it does')
  })
})

describe('the check of the mapping', () => {
  it('asks of local indices only, and says where the others are to be checked', async () => {
    const asked: string[] = []
    const subject = (index: readonly string[]): Subject => ({
      ...answering({}),
      index,
      ask: async ({ path }) => {
        asked.push(path)
        return { status: 200, body: {} }
      },
    })
    expect(await said(checkMapping(subject(['far:logs-*'])))).toContain('note mappings of a remote cluster')
    expect(asked).toEqual([])
    const both = await said(checkMapping(subject(['far:logs-*', 'logs-*'])))
    expect(both).toContain('ok no mapping refuses')
    expect(both).toContain('run the check there too')
    expect(asked).toEqual(['/logs-*/_mapping'])
  })

  const index = (mappings: object) => answering({ 'logs-1': { mappings } })

  it.each([
    ['a text', { properties: { '1': { type: 'text' } } }, 'each refused connection'],
    [
      'an object',
      { properties: { '1': { properties: { cause: { type: 'keyword' } } } } },
      'every line with a text in it',
    ],
    ['flattened', { properties: { '1': { type: 'flattened' } } }, 'it accepts only objects'],
    [
      'a text under json',
      { properties: { json: { properties: { '1': { type: 'text' } } } } },
      'logs-1 maps json.1 as text',
    ],
    ['strict without it', { dynamic: 'strict', properties: {} }, 'refuses every line of OpenClaw'],
  ])('says what is refused where 1 is mapped as %s', async (_title, mappings, words) => {
    const sentence = await said(checkMapping(index(mappings)))
    expect(sentence).toContain('problem')
    expect(sentence).toContain(words)
  })

  it('warns of a mapping that the first line decides', async () => {
    expect(await said(checkMapping(index({ properties: {} })))).toContain('note logs-1 maps new fields')
  })

  it('finds nothing wrong with the arguments unindexed, or with a mapping that does not grow', async () => {
    const ours = { dynamic: 'false', properties: { '1': { type: 'object', enabled: false } } }
    for (const mappings of [ours, { dynamic: 'false', properties: {} }]) {
      expect(await said(checkMapping(index(mappings)))).toBe('ok no mapping refuses lines of OpenClaw')
    }
  })
})

describe('the check of the cursor field', () => {
  const field = (types: object) => answering({ fields: { 'event.ingested': types } })

  it.each([
    [{ date: {} }, 'ok event.ingested is mapped as a date'],
    [{ date: {}, unmapped: { indices: ['old'] } }, 'problem event.ingested is not mapped in old'],
    [{ keyword: { indices: ['wrong'] }, date: {} }, 'mapped as keyword in wrong'],
  ])('says of %j: %s', async (types, words) => {
    expect(await said(checkCursorField(field(types)))).toContain(words)
  })

  it('does not advise the field that is missing', async () => {
    const unmapped = { ...answering({ fields: {} }), cursorField: '@timestamp' }
    expect(await said(checkCursorField(unmapped))).toContain('or set cursor_field to a field that every document has')
  })

  it('says that a field which no index maps is never read by', async () => {
    expect(await said(checkCursorField(answering({ fields: {} })))).toContain('is not mapped in any index')
  })
})

describe('the check of documents without the cursor field', () => {
  const indices = (counts: Readonly<Record<string, number>>, others = 0) => {
    const buckets = Object.entries(counts).map(([key, documents]) => ({ key, doc_count: documents }))
    return answering({ aggregations: { indices: { buckets, sum_other_doc_count: others } } })
  }

  it('says how many there are, in which indices, and what to do', async () => {
    expect(await said(checkUndated(indices({ 'logs-1': 9, 'logs-2': 1 }, 1_200)))).toBe(
      'problem 1,210 documents without event.ingested are never read (9 in logs-1, 1 in logs-2, 1,200 in other indices); ' +
        'write through the ingest pipeline that sets it (clawtrust elastic setup), and apply it to the stored documents with _update_by_query',
    )
    const subject = { ...indices({ 'logs-1': 1 }), cursorField: '@timestamp' }
    expect(await said(checkUndated(subject))).toBe(
      'problem 1 document without @timestamp is never read (1 in logs-1); configure the shipper to set @timestamp, and set it in the stored documents',
    )
  })

  it('finds none, and says where they cannot be counted', async () => {
    expect(await said(checkUndated(indices({})))).toBe('ok every document has event.ingested')
    expect(await said(checkUndated(answering({ error: 'no' }, 503)))).toContain(
      'note documents without event.ingested cannot',
    )
  })
})

describe('the check of clocks', () => {
  const asksTheClock = ({ body }: Call) => JSON.stringify(body).includes('"now"')

  /** A server that answers the question for `now` with its own time, and other searches with the newest times. */
  const skewed = (server: number): Subject => ({
    ...answering({}),
    ask: async call => {
      const newest = { ingested: { value: NOW + server }, event: { value: NOW + server } }
      const clock = { buckets: [{ key: 'now-*', from: NOW + server, doc_count: 0 }] }
      return { status: 200, body: { aggregations: asksTheClock(call) ? { clock } : newest } }
    },
  })

  it.each([
    [0, 'ok the clocks of Elasticsearch and this machine agree within a minute\nok the clocks of gateways'],
    [50_000, 'ok the clocks of Elasticsearch and this machine agree'],
    [
      10 * MINUTE,
      'problem the clock of Elasticsearch is 10 minutes ahead of that of this machine: documents are read late',
    ],
    [
      -180 * MINUTE,
      'problem the clock of Elasticsearch is 3 hours behind that of this machine: documents are ingested with',
    ],
  ])('says of a server that is %d ms ahead: %s', async (ahead, words) => {
    const sentence = await said(checkClocks(skewed(ahead)))
    expect(sentence).toContain(words)
    if (sentence.startsWith('problem')) expect(sentence.split('\n')).toHaveLength(1)
  })

  it('does not compare the clock of a server that does not say it', async () => {
    const { ask, ...rest } = skewed(0)
    const without: Subject = {
      ...rest,
      ask: call => (asksTheClock(call) ? Promise.resolve({ status: 400, body: {} }) : ask(call)),
    }
    expect(await said(checkClocks(without))).toBe(
      'ok the clocks of gateways, shippers and this machine agree within a minute',
    )
  })

  const times = (ingested: number, event: number) =>
    answering({ aggregations: { ingested: { value: NOW + ingested }, event: { value: NOW + event } } })

  it.each([
    ['within a minute', -5_000, -6_000, 'ok the clocks'],
    ['an ingest time in the future', 10 * MINUTE, 0, '10 minutes ahead'],
    ['an event after its ingest', -MINUTE, 30 * MINUTE, 'its gateway is ahead'],
    ['silence', -180 * MINUTE, -180 * MINUTE, 'no document was ingested for 3 hours'],
  ])('tells of %s', async (_title, ingested, event, words) => {
    expect(await said(checkClocks(times(ingested, event)))).toContain(words)
  })
})

it('asks nothing more of a server where nothing can be found', async () => {
  const asked: Call[] = []
  const ask = async (call: Call): Promise<Answer> => {
    asked.push(call)
    return { status: 200, body: { _shards: { total: 0 } } }
  }
  await checkServer({ ...answering({}), ask })
  expect(asked.map(({ path }) => path.split('?')[0])).toEqual([
    '/_security/user/_has_privileges',
    '/logs-*/_search',
    '/_resolve/index/logs-*',
  ])
})
