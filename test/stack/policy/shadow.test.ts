import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import { readHistory } from '../../../policy/shadow/elasticsearch/read-history.ts'
import { FlowHistory } from '../../../policy/shadow/history.ts'
import { shadowReport } from '../../../policy/shadow/report.ts'
import type { ShadowReport } from '../../../policy/shadow/report-model.ts'
import { createTimeSlices } from '../../../policy/shadow/time-slices.ts'
import { createPolicyRunner } from '../../cli/run-policy.ts'
import { dialectFixtures } from '../../decoding/dialect-fixtures.ts'
import { realLines } from '../../decoding/fixtures.ts'
import { found, minimum, policyOf, withoutSamples } from '../../policy/shadow/replayed.ts'
import {
  accessDocuments,
  accessPolicy,
  accessTruth,
  signInDocuments,
  signInTruth,
} from '../../policy/shadow/seeded-accesses.ts'
import { SINCE, seededDocuments, seededPolicy, seededTruth, UNTIL } from '../../policy/shadow/seeded-history.ts'
import { type PlainServer, plainServer } from '../elasticsearch/plain-server.ts'

type Document = Readonly<Record<string, unknown>>

const strings = { strings: { match_mapping_type: 'string', mapping: { type: 'keyword' } } } as const
const times = { time: { type: 'date' }, 'flow.time': { type: 'date' } } as const

describe('clawtrust policy shadow', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clawtrust-shadow-'))
  const indices: string[] = []
  let server: PlainServer

  beforeAll(async () => {
    server = await plainServer()
    writeFileSync(join(folder, 'seeded.policy'), seededPolicy)
    writeFileSync(join(folder, 'access.policy'), accessPolicy)
  }, 120_000)

  afterAll(async () => {
    if (indices.length > 0) await server.client.indices.delete({ index: indices, ignore_unavailable: true })
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** An index with documents, and the configuration of a source of it, which has the name `logs`. */
  async function index(
    name: string,
    documents: readonly Document[],
    mappings: object,
    keys: object = {},
    others: readonly string[] = [],
  ): Promise<string> {
    const index = `shadow-${name}-${randomUUID().slice(0, 8)}`
    indices.push(index)
    await server.client.indices.create({ index, settings: { number_of_replicas: 0 }, mappings: mappings as never })
    const operations = documents.flatMap(document => [{ create: { _index: index } }, document])
    const { errors, items } = await server.client.bulk({ operations, refresh: true })
    if (errors) throw new Error(JSON.stringify(items.find(item => item.create?.error !== undefined)))
    const file = `${name}.yml`
    const source = { type: 'elasticsearch', name: 'logs', nodes: [server.url], index: [index, ...others], ...keys }
    writeFileSync(join(folder, file), JSON.stringify({ exporter: { sources: [source] } }))
    return file
  }

  const policy = createPolicyRunner(folder)
  const window = ['--since', '14d', '--until', '2026-11-30T00:00:00Z']
  const shadow = (...args: readonly string[]) => policy('shadow', '--policy', 'seeded.policy', ...window, ...args)

  const reportOf = async (...args: readonly string[]) => {
    const { out, ...rest } = await shadow('--format', 'json', ...args)
    if (out === '') throw new Error(rest.err)
    return { ...rest, report: JSON.parse(out) as ShadowReport }
  }

  const logOf = (documents: readonly Document[], name: string) => {
    writeFileSync(join(folder, name), documents.map(document => `${JSON.stringify(document)}\n`).join(''))
    return name
  }

  it('finds exactly the planted denials, unused rules and unknowns in an index, as in a log', async () => {
    const config = await index('seeded', seededDocuments(), { dynamic_templates: [strings], properties: times })
    const indexed = await reportOf('--config.file', config)
    expect(found(indexed.report)).toEqual(seededTruth)
    expect(indexed.code).toBe(1)
    const replayed = await reportOf('--logs', logOf(seededDocuments(), 'seeded.log'))
    expect(withoutSamples(indexed.report)).toEqual(withoutSamples(replayed.report))
    const sample = indexed.report.changes.denied[0]?.samples[0] ?? ''
    const [name = '', id = ''] = sample.split('/')
    const document = await server.client.get<{ flow: { verdict: string } }>({ index: name, id })
    expect(document._source?.flow.verdict).toBe('FORWARDED')
  }, 60_000)

  it('finds exactly the planted denials of accesses in an index, as in a log of proxies', async () => {
    const judged = ['--policy', 'access.policy']
    const mappings = { dynamic_templates: [strings], properties: { ...times, start_time: { type: 'date' } } }
    // Their fields of the same name are of different types.
    const isOfCaddy = ({ logger }: Document) => logger !== undefined
    await index('caddy', accessDocuments().filter(isOfCaddy), mappings)
    const others = accessDocuments().filter(document => !isOfCaddy(document))
    const config = await index('accesses', others, mappings, {}, indices.slice(-1))
    const indexed = await reportOf(...judged, '--config.file', config)
    expect(found(indexed.report)).toEqual(accessTruth)
    expect(indexed.code).toBe(1)
    const replayed = await reportOf(...judged, '--logs', logOf(accessDocuments(), 'accesses.log'))
    expect(withoutSamples(indexed.report)).toEqual(withoutSamples(replayed.report))
  }, 60_000)

  it('finds exactly the planted denials of sign-ins, with the mappings of Elasticsearch itself', async () => {
    const config = await index('sign-ins', signInDocuments(), {})
    const { report } = await reportOf('--policy', 'access.policy', '--config.file', config)
    expect(found(report)).toEqual(signInTruth)
    expect(report.gaps.filter(({ kind }) => kind === 'unread')).toEqual([])
  }, 60_000)

  it.each(['entra-sign-in', 'keycloak-elastic', 'envoy'])(
    'counts each access in the documents of %s once',
    async name => {
      const { documents = [], lines = [] } = dialectFixtures[name] ?? {}
      const all: readonly Document[] = [...documents, ...lines.map(line => JSON.parse(line))]
      const { decode } = createDispatcher(dialects, { withAccess: true })
      const inTheWindow = all.map((document, number) => ({
        ...document,
        '@timestamp': new Date(SINCE + number * 60_000).toISOString(),
        ...(name === 'envoy' && { downstream_direct_remote_address_without_port: '127.0.0.1' }),
      }))
      const accesses = inTheWindow.filter(body => decode({ id: '1', body }).access !== undefined)
      const config = await index(name, inTheWindow, { dynamic_templates: [strings] })
      const { report } = await reportOf('--policy', 'access.policy', '--config.file', config)
      const { allow, deny, unknown } = report.totals
      expect(accesses.length).toBeGreaterThan(1)
      expect(allow.events + deny.events + unknown.events).toBe(accesses.length)
    },
    60_000,
  )

  it('says that sign-ins at gateways of OpenClaw cannot be grouped there, and finds them in the log', async () => {
    const documents = realLines.map((line): Document => {
      const record = JSON.parse(line)
      return { ...record, '@timestamp': record.time }
    })
    const any = ['--policy', 'access.policy', '--since', '40d', '--until', '2026-12-30T00:00:00Z']
    const mappings = { dynamic: false, properties: { '@timestamp': { type: 'date' } } }
    const config = await index('gateway', documents, mappings)
    const { report } = await reportOf(...any, '--config.file', config)
    expect(report.gaps.map(({ sentence }) => sentence).join('\n')).toMatch(
      /^logs has accesses in a form that cannot be grouped \(openclaw-file\), \d+ of the newest \d+ documents/,
    )
    const replayed = await reportOf(...any, '--logs', logOf(documents, 'gateway.log'))
    expect(replayed.report.evidence.flows).toBeGreaterThan(0)
  }, 60_000)

  it('finds the same by pages of three tuples, and refuses more tuples than it may hold', async () => {
    await index('pages', seededDocuments(), { dynamic_templates: [strings], properties: times })
    const candidate = policyOf(seededPolicy)
    const window = { since: SINCE, until: UNTIL }
    const slices = createTimeSlices([candidate], window)
    const source = { name: 'logs', index: indices.slice(-1), cursorField: 'event.ingested' }
    const { signal } = new AbortController()
    const read = async (most?: number) => {
      const history = new FlowHistory(window, slices)
      const options = { client: server.client, slices, signal, page: 3, progress: () => undefined }
      await readHistory(source, history, { ...options, ...(most !== undefined && { most }) })
      return history
    }
    expect(found(shadowReport(await read(), { candidate, minimum }))).toEqual(seededTruth)
    await expect(read(4)).rejects.toMatchObject({
      code: 'POLICY_HISTORY_TOO_WIDE',
      message: expect.stringMatching(/ has more than 4 distinct tuples in the window, which is the limit; nothing was/),
    })
    const { nodes } = await server.client.nodes.stats({ metric: 'indices', index_metric: 'search' })
    // The view of the documents is closed too where it is refused.
    expect(Object.values(nodes).map(({ indices: stats }) => stats?.search?.open_contexts)).toEqual([0])
  }, 60_000)

  it('finds the same where texts are mapped as Elasticsearch does by itself, beside an index without flows', async () => {
    await index('others', [{ '@timestamp': '2026-11-20T00:00:00Z', message: 'no flow' }], {})
    const config = await index('dynamic', seededDocuments(), {}, {}, indices.slice(-1))
    expect(found((await reportOf('--config.file', config)).report)).toEqual(seededTruth)
  }, 60_000)

  it.each(['hubble/flows', 'calico/goldmane', 'calico/flows'])(
    'finds in the documents of %s what it finds in their lines',
    async name => {
      const documents = fixtureOf(name)
      const later = ['--until', '2026-12-02T00:00:00Z']
      const seconds = { type: 'date', format: 'strict_date_optional_time||epoch_second' } as const
      const properties = { ...times, end_time: seconds, start_time: seconds }
      const words = { path_match: 'Key.*', match_mapping_type: ['string', 'long'], mapping: { type: 'keyword' } }
      const config = await index('captured', documents, { dynamic_templates: [{ words }, strings], properties })
      const indexed = await reportOf('--config.file', config, ...later)
      const replayed = await reportOf('--logs', logOf(documents, 'captured.log'), ...later)
      const ofFlows = ({ report }: { readonly report: ShadowReport }) => {
        const { totals, changes, rules, unknown, zones } = report
        return withoutSamples({ totals, changes, rules, unknown, zones } as unknown as ShadowReport)
      }
      expect(ofFlows(indexed)).toEqual(ofFlows(replayed))
      expect(indexed.report.evidence.flows).toBeGreaterThan(1)
    },
    60_000,
  )

  it('says which field keeps it from counting, and writes nothing', async () => {
    const mappings = {
      dynamic: false,
      properties: { time: { type: 'date' }, flow: { properties: { verdict: { type: 'keyword' } } } },
    }
    const config = await index('unmapped', seededDocuments(), mappings)
    const { code, out, err } = await shadow('--config.file', config, '--out', 'nothing.html')
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(
      /^logs: The flows in shadow-unmapped-\w+ cannot be counted, because flow\.\S+, which distinguishes flows, is in documents and not mapped; map it as keyword/,
    )
    const texts = await index('texts', seededDocuments().slice(0, 3), {
      dynamic_templates: [{ texts: { match_mapping_type: 'string', mapping: { type: 'text' } } }],
      properties: times,
    })
    expect((await shadow('--config.file', texts)).err).toMatch(
      /because flow\.verdict is mapped as text, by which documents cannot be grouped; map it as keyword/,
    )
  }, 60_000)

  it('says that an index has no flows, or has them as text, and that this is no evidence', async () => {
    const raw = seededDocuments()
      .slice(0, 40)
      .map(document => ({
        '@timestamp': document.time,
        message: JSON.stringify(document),
      }))
    const config = await index('raw', raw, {}, { envelope: { raw: 'message' } })
    const { code, report, err } = await reportOf('--config.file', config)
    expect(code).toBe(3)
    expect(report.verdict.decision).toBe('not_enough_evidence')
    expect(err).toBe('records on 0 days, and at least 7 are needed; 0 events, and at least 1,000 are needed\n')
    expect(report.gaps.map(({ kind }) => kind)).toEqual(['unread', 'empty'])
    expect(report.gaps[0]?.sentence).toMatch(/^logs has flows that are stored as text or whose fields are not mapped/)
  }, 60_000)

  it('takes no text of a record for anything else, whatever an attacker writes into it', async () => {
    const hostile = ['<script>alert(1)</script>', 'a\u001b[2J\nb', '\u202ex', 'x'.repeat(300)]
    const documents = seededDocuments()
      .slice(0, 1)
      .flatMap(document =>
        hostile.map(text => ({
          ...document,
          flow: {
            ...(document.flow as object),
            destination_names: [text, 'b.local'],
            destination: { identity: 2000, namespace: text, labels: [`k8s:app=${text}`] },
          },
        })),
      )
    const config = await index('hostile', documents, { dynamic_templates: [strings], properties: times })
    for (const format of ['table', 'json', 'html']) {
      const { out } = await shadow('--config.file', config, '--format', format)
      expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      expect(out.includes('<script>')).toBe(format !== 'html')
    }
    expect((await reportOf('--config.file', config)).report.evidence.flows).toBe(hostile.length)
  }, 60_000)
})

/** The records of a dialect. */
function fixtureOf(name: string): readonly Document[] {
  const lines = readFileSync(new URL(`../../fixtures/${name}.synthetic.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
  return lines.map(line => JSON.parse(line))
}
