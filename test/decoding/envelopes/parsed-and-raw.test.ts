import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { createDecoders } from '../../../decoding/dialects/all.ts'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import type { Claim } from '../../../decoding/record.ts'
import { layOut, madeUpLines, realLines, realSecurityEvents, tells } from '../fixtures.ts'
import { asConsoleLine } from '../layouts.ts'
import { shapesOfConsoleLines, shapesOfLines } from './shapes.ts'

const dispatcher = createDispatcher(createDecoders())
const decode = (body: string | Record<string, unknown>) => dispatcher.decode({ id: '1', body })

/** All that a decoding says but where it was written, which a shipper may know better. */
function content(body: string | Record<string, unknown>) {
  const { decoder, decoding } = decode(body)
  if (decoding.kind !== 'claim') return { decoder, decoding }
  const { origin: _origin, ...claim } = decoding.claim
  return { decoder, claim }
}

function claimOf(body: Record<string, unknown>): Claim {
  const { decoding } = decode(body)
  if (decoding.kind !== 'claim') throw new Error(`no claim: ${tells(decoding)}`)
  return decoding.claim
}

const lines = [...realLines, ...madeUpLines.map(layOut)]
const [refused = ''] = realLines.filter(line => line.includes('"cause":"unauthorized"'))

describe('a line of the file log in a document', () => {
  it.each(Object.entries(shapesOfLines))('tells the same as the line, %s', (_shape, wrap) => {
    for (const line of lines) expect(content(wrap(line))).toEqual(content(line))
  })

  it('comes from the host that the shipper names, rather than the line', () => {
    for (const wrap of Object.values(shapesOfLines)) expect(claimOf(wrap(refused)).origin.host).toBe('shipper-host')
  })

  it('comes from the host that the line names where the shipper names none', () => {
    expect(claimOf(JSON.parse(refused)).origin.host).toBe('vm')
    expect(claimOf({ message: refused }).origin.host).toBe('vm')
  })

  it('brings service, namespace and workload labels for attribution', () => {
    const document = {
      message: refused,
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

describe('a line of the JSON console in a document', () => {
  it.each(Object.entries(shapesOfConsoleLines))('tells the same as the line, %s', (_shape, wrap) => {
    for (const line of lines) expect(content(wrap(line))).toEqual(content(asConsoleLine(line)))
  })
})

describe('an event of the security.event stream in a document', () => {
  it.each([
    ['parsed at the root', (line: string) => JSON.parse(line)],
    ['parsed under openclaw', (line: string) => ({ message: 'read', openclaw: JSON.parse(line) })],
    ['raw in message', (line: string) => ({ message: line })],
  ])('tells the same as the line, %s', (_shape, wrap) => {
    for (const line of realSecurityEvents) expect(content(wrap(line))).toEqual(content(line))
  })
})

describe('documents captured from a real server behind rsyslog', () => {
  const hits = (name: string) =>
    readFileSync(new URL(`../../fixtures/elasticsearch-shapes/${name}`, import.meta.url), 'utf8')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line)._source)

  it('tell of the refused connection, its partner and the root line', () => {
    expect(hits('rsyslog-mapped.jsonl').map(document => tells(decode(document).decoding))).toEqual([
      'auth_failures shared_secret token_mismatch',
      'auth_failures shared_secret token_mismatch',
      'posture_drifts config_write high',
    ])
  })

  it('are counted as no JSON where the line was torn or is plain text', () => {
    expect(hits('rsyslog-unparsed.jsonl').map(document => tells(decode(document).decoding))).toEqual([
      'undecoded not_json',
      'undecoded not_json',
    ])
  })
})

describe('a document without a record of OpenClaw', () => {
  it.each([
    ['without any text', { '@timestamp': '2026-11-23T00:00:00Z', host: { name: 'h' } }, 'unknown_layout'],
    ['with the JSON of another program', { message: '{"level":30,"msg":"hello"}' }, 'unknown_layout'],
    ['with a list', { message: '[1,2]' }, 'not_json'],
    [
      'with a line that is longer than a gateway writes',
      { message: `{"a":"${'x'.repeat(200_000)}"}` },
      'line_too_long',
    ],
  ])('is counted by reason: %s', (_title, document, reason) => {
    expect(decode(document).decoding).toEqual({ kind: 'undecoded', reason })
  })
})
