import { describe, expect, it } from '@jest/globals'
import { checkFormatsOfIndices } from '../../cli/elastic-formats.ts'
import type { Call } from '../../elastic/call.ts'
import type { Subject } from '../../elastic/check/contract.ts'
import { realLines } from '../decoding/fixtures.ts'

const known = JSON.parse(realLines[0] ?? '')

function answering(indices: Readonly<Record<string, readonly unknown[]>>, status = 200) {
  const asked: Call[] = []
  const buckets = Object.entries(indices).map(([key, documents]) => ({
    key,
    newest: { hits: { hits: documents.map(_source => ({ _source })) } },
  }))
  const subject: Subject = {
    ask: async call => {
      asked.push(call)
      return { status, body: status === 200 ? { aggregations: { indices: { buckets } } } : { error: 'no' } }
    },
    index: ['logs-*'],
    cursorField: 'event.ingested',
    now: () => 0,
  }
  return { subject, asked }
}

describe('the documents of each index', () => {
  it('are read, and an index and a gateway in no known format are named beside others', async () => {
    const foreign = { message: '{"ClientHost":"198.51.100.7","DownstreamStatus":401}', host: { name: 'edge' } }
    const { subject, asked } = answering({ 'logs-1': [known, foreign], 'logs-2': [foreign, foreign], 'logs-3': [] })
    expect(await checkFormatsOfIndices(subject, {})).toEqual([
      {
        kind: 'problem',
        sentence: expect.stringContaining(
          'of index logs-2 is in a known format: it looks like an access log of Traefik as JSON without ClientAddr, in the field message',
        ),
      },
      { kind: 'note', sentence: expect.stringContaining('of gateway edge is in a known format') },
    ])
    expect(asked).toHaveLength(1)
  })

  it('are opened where the source says that their record is', async () => {
    const { subject } = answering({ 'logs-1': [{ message: realLines[0] }] })
    expect(await checkFormatsOfIndices(subject, { envelope: { raw: 'message' } })).toEqual([])
    const [finding] = await checkFormatsOfIndices(subject, {})
    expect(finding?.sentence).toContain('set envelope: { raw: message } at the source')
  })

  it('bring a note where the format of nginx lacks a field', async () => {
    const request = { time: '2026-11-29T10:51:44+00:00', remote_addr: '203.0.113.9', status: '200', request: 'GET /' }
    const { subject } = answering({ 'logs-1': [{ ...request, ssl_client_verify: 'NONE' }] })
    expect(await checkFormatsOfIndices(subject, {})).toEqual([
      { kind: 'note', sentence: expect.stringContaining('of index logs-1 lack the field upstream_status') },
    ])
  })

  it('bring a note where they hold the console in plain text, once the source says where', async () => {
    const message = '2026-11-29T14:00:31.671+00:00 [ws] unauthorized conn=00000000 reason=token_mismatch'
    const { subject } = answering({ 'logs-1': [{ message }] })
    const [unopened] = await checkFormatsOfIndices(subject, {})
    expect(unopened?.sentence).toContain(
      'it looks like the console of OpenClaw in plain text in the field message, without the marks of a known shipper; set logging.consoleStyle: json at the gateway',
    )
    expect(unopened?.sentence).toContain('set envelope: { raw: message } at the source')
    expect(await checkFormatsOfIndices(subject, { envelope: { raw: 'message' } })).toEqual([
      { kind: 'note', sentence: expect.stringContaining('of index logs-1 lack the field address') },
    ])
  })

  it('bring a note where they cannot be read', async () => {
    expect(await checkFormatsOfIndices(answering({}, 403).subject, {})).toMatchObject([{ kind: 'note' }])
  })
})
