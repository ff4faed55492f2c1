import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { dialects } from '../../decoding/registry.ts'
import type { Claim } from '../../decoding/toolkit/record.ts'
import { envelopeFixtures, SHIPPER_HOST } from './envelope-fixtures.ts'
import { realLines, summaryOf } from './fixtures.ts'
import { shapesOfLines } from './shapes.ts'

type Document = Readonly<Record<string, unknown>>

const dispatcher = createDispatcher(dialects)
const decode = (body: string | Document) => dispatcher.decode({ id: '1', body })
const [refused = ''] = realLines.filter(line => line.includes('"cause":"unauthorized"'))
const logstash = envelopeFixtures.logstash as (line: string) => Document
const filebeat = envelopeFixtures.filebeat as (line: string) => Document

function claimOf(body: Document): Claim {
  const { decoding } = decode(body)
  if (decoding.kind !== 'claim') throw new Error(`no claim: ${summaryOf(decoding)}`)
  return decoding.claim
}

describe('the prefilter of all dialects of lines', () => {
  it('holds no text that contains another', () => {
    const prefilter = dispatcher.prefilter as readonly string[]
    for (const text of prefilter) expect(prefilter.filter(other => text.includes(other))).toEqual([text])
  })

  it('lets every line through where one dialect asks for all', () => {
    const [first, ...rest] = dialects
    if (first?.format !== 'json-line') throw new Error('the first dialect is one of lines')
    expect(createDispatcher([{ ...first, prefilter: 'all' }, ...rest]).prefilter).toBe('all')
  })
})

describe('the origin of a record in a document', () => {
  it('is the host that the shipper names, rather than the line', () => {
    const shapes = [
      'parsed at the root',
      'parsed at the root, with dotted keys',
      'filebeat',
      'otel-text',
      'otel-none',
      'otel-raw',
    ]
    for (const shape of shapes)
      expect([shape, claimOf(shapesOfLines[shape]?.(refused) ?? {}).origin.host]).toEqual([shape, SHIPPER_HOST])
  })

  it('is the host that the line names where the shipper names none', () => {
    expect(claimOf(JSON.parse(refused)).origin.host).toBe('vm')
    expect(claimOf({ ...logstash(refused), host: undefined }).origin.host).toBe('vm')
  })

  it('has service, namespace and workload labels for attribution', () => {
    const document = {
      ...logstash(refused),
      service: { name: 'openclaw', instance: { id: 'gw-7' } },
      kubernetes: { namespace: 'agents', labels: { app: 'gateway', replicas: 2 } },
    }
    expect(claimOf(document).origin).toMatchObject({
      serviceInstance: 'gw-7',
      service: 'openclaw',
      namespace: 'agents',
      workloadLabels: { app: 'gateway' },
    })
  })
})

describe('a document', () => {
  const ecs = { event: { category: 'authentication', outcome: 'failure' } }

  it('is the record at its root, whatever envelope is around it', () => {
    const other = realLines.find(line => line.includes('rate_limited')) ?? ''
    expect(claimOf({ ...filebeat(other), ...JSON.parse(refused) }).labels).toEqual(claimOf(JSON.parse(refused)).labels)
  })

  it('is the record in its envelope rather than what a pipeline made of it, so that none counts twice', () => {
    const { event, ...rest } = filebeat(refused)
    expect(decode({ ...rest, event: { ...(event as object), ...ecs.event } }).decoder).toBe('openclaw-file')
  })

  it('is what a pipeline made of it where the record in its envelope is of no dialect', () => {
    const { event, ...rest } = filebeat('{"type":"LOGIN_ERROR"}')
    expect(decode({ ...rest, event: { ...(event as object), ...ecs.event } }).decoder).toBe('ecs')
  })

  it.each([
    ['the JSON of another program', '{"level":30,"msg":"hello"}', 'unknown_layout'],
    ['a list', '[1,2]', 'not_an_object'],
    ['plain text', 'listening on 18789', 'not_json'],
    ['a line that is longer than a gateway writes', `{"a":"${'x'.repeat(200_000)}"}`, 'line_too_long'],
  ])('that holds %s in its envelope is counted by reason', (_title, line, reason) => {
    expect(decode(logstash(line)).decoding).toEqual({ kind: 'undecoded', reason })
  })
})

const hits = (name: string): readonly Document[] =>
  readFileSync(new URL(`../fixtures/elasticsearch-shapes/${name}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line)._source)

describe('documents captured from a real server behind rsyslog', () => {
  it('tell of the refused connection, its partner and the root line', () => {
    expect(hits('rsyslog-mapped.jsonl').map(document => summaryOf(decode(document).decoding))).toEqual([
      'auth_failures shared_secret token_mismatch',
      'auth_failures shared_secret token_mismatch',
      'posture_drifts config_write high',
    ])
  })

  it('are not opened where the line was torn or is plain text: a piece of a line is no record', () => {
    expect(hits('rsyslog-unparsed.jsonl').map(document => summaryOf(decode(document).decoding))).toEqual([
      'undecoded unknown_envelope',
      'undecoded unknown_envelope',
    ])
  })
})

describe('documents captured from a real server behind Filebeat', () => {
  const captured = hits('filebeat-parsed.jsonl')

  it('tell of what the same lines tell behind rsyslog, by the host of Filebeat', () => {
    expect(captured.map(document => summaryOf(decode(document).decoding))).toEqual(
      hits('rsyslog-mapped.jsonl').map(document => summaryOf(decode(document).decoding)),
    )
    const named = captured.map(document => ({ ...document, host: { name: 'of-filebeat' } }))
    expect(named.map(document => claimOf(document).origin.host)).toEqual(captured.map(() => 'of-filebeat'))
  })

  it('are no records where the line was torn or is plain text', () => {
    expect(hits('filebeat-unparsed.jsonl').map(document => summaryOf(decode(document).decoding))).toEqual([
      'undecoded unknown_layout',
      'undecoded unknown_layout',
    ])
  })

  it('have the fields that the fixture of the envelope has, but for what the ingest pipeline adds', () => {
    const { event: _, ...fixture } = filebeat(refused)
    for (const document of captured) expect(fieldsOf(document)).toEqual(fieldsOf(fixture))
  })
})

/** Paths of a document, without those of the record. */
function fieldsOf({ json, ...document }: Document, prefix = ''): string[] {
  const paths = Object.entries(document).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? fieldsOf(value as Document, `${prefix}${key}.`) : [prefix + key],
  )
  return (json === undefined ? paths : [...paths, 'json']).toSorted()
}
