import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { transports } from '../../../../../core/flow.ts'
import type { Decoded } from '../../../../../decoding/dispatch.ts'
import { dialects } from '../../../../../decoding/registry.ts'
import type { Claim, Decoding } from '../../../../../decoding/toolkit/record.ts'
import type { DecodedLine } from '../../../../../exporter/contracts/lines-decoding.ts'
import { createLinesDecoder } from '../../../../../exporter/sources/file/decoding/decode-lines.ts'
import { LinesPacker, LinesUnpacker } from '../../../../../exporter/sources/file/decoding/packed-lines.ts'
import { readCapturedLines } from '../../../../../exporter/sources/recording/captured-lines.ts'

/** Few different values, so that neighbours are alike in some of them. */
const word = fc.constantFrom('a', 'b', '', ' ', '\ud800', '7:x', 'é')
const time = fc.integer({ min: 0, max: 4e12 })
const optional = <T>(values: Record<string, fc.Arbitrary<T>>) => fc.record(values, { requiredKeys: [] })

const origin = fc.record(
  {
    host: word,
    serviceInstance: word,
    subsystem: word,
    port: fc.constantFrom(18_999, 0, -0, Number.POSITIVE_INFINITY),
    workloadLabels: fc.dictionary(word, word, { maxKeys: 2 }),
  },
  { requiredKeys: [] },
)
const roles = ['leading', 'deputy', 'partner'] as const
const pair = fc.record(
  { key: word, role: fc.constantFrom(...roles), isReused: fc.constant(true as const) },
  { requiredKeys: ['key', 'role'] },
)
const end = fc.record({ address: word, namespace: word, workloadLabels: fc.dictionary(word, word, { maxKeys: 2 }) })
/** Of every field, so that one that is added to claims and not carried over does not pass. */
const claim = fc.record(
  {
    signal: fc.constantFrom('auth_failures' as const, 'auth_lockouts' as const),
    labels: optional({ mechanism: word, reason: word }),
    outcome: fc.constantFrom('failure' as const, 'denied' as const),
    severity: fc.constantFrom('low' as const, 'high' as const),
    time,
    count: fc.integer({ min: 1, max: 100_000 }),
    stream: fc.constantFrom('file-log' as const, 'other' as const),
    origin,
    actor: optional({
      identity: word,
      device: word,
      peerAddress: word,
      forwardedFor: word,
      resolvedAddress: word,
      claimedAddress: word,
      packetAddress: word,
    }),
    flow: fc.record(
      { source: end, destination: end, port: fc.nat(65_535), transport: fc.constantFrom(...transports) },
      { requiredKeys: ['source', 'destination'] },
    ),
    change: fc.record({ subject: word, from: word, to: word }),
    approval: fc.record(
      { kind: fc.constantFrom('request' as const, 'answer' as const), request: word, by: word },
      { requiredKeys: ['kind'] },
    ),
    isSelfApproval: fc.constant(true as const),
    details: fc.dictionary(word, word, { maxKeys: 2 }),
    trace: fc.record({ traceId: word, spanId: word }, { requiredKeys: ['traceId'] }),
    account: fc.record(
      { kind: fc.constantFrom('user' as const, 'client' as const), id: word, name: word, rights: fc.array(word) },
      { requiredKeys: ['kind'] },
    ),
    code: word,
    also: fc.array(
      fc.record({
        signal: fc.constant('posture_drifts' as const),
        labels: optional({ kind: word }),
        outcome: fc.constant('success' as const),
        severity: fc.constant('low' as const),
      }),
      { maxLength: 2 },
    ),
    pair,
  } satisfies { [Field in keyof Required<Claim>]: unknown },
  { requiredKeys: ['signal', 'labels', 'outcome', 'severity', 'time', 'count', 'stream', 'origin', 'actor'] },
) as fc.Arbitrary<Claim>

const decoding: fc.Arbitrary<Decoding> = fc.oneof(
  { weight: 4, arbitrary: claim.map(one => ({ kind: 'claim' as const, time: one.time, claim: one })) },
  fc.record({ kind: fc.constant('no_signal' as const), time, template: word }),
  fc.record({ kind: fc.constant('telemetry_lost' as const), time, records: fc.nat() }),
  fc.record({ kind: fc.constant('certificate' as const), time, origin, subject: word, expires: time }),
  fc.record(
    {
      kind: fc.constant('undecoded' as const),
      time,
      reason: fc.constantFrom('bad_time' as const, 'not_json' as const),
    },
    { requiredKeys: ['kind', 'reason'] },
  ),
)
const decoded: fc.Arbitrary<Decoded> = fc.record({ decoder: fc.constantFrom('one', 'other'), decoding })

describe('packed lines', () => {
  it('are the same lines in another thread', () => {
    const lines = fc.array(fc.record({ start: fc.nat(), decoded }), { maxLength: 40 })
    // Of several chunks, so that rests are remembered and begin again.
    const chunks = fc.array(lines, { minLength: 1, maxLength: 5 })
    const texts = [undefined, 'bare', 'wrapped'] as const
    fc.assert(
      fc.property(chunks, fc.nat(), fc.nat(), fc.constantFrom(...texts), (told, skipped, tooLong, consoleText) => {
        const passed = { skipped, tooLong, mayHaveParts: false, consoleText }
        const rest = [...told]
        const packer = new LinesPacker((_chunk, take) => {
          for (const one of rest.shift() ?? []) take(one.start, one.decoded)
          return passed
        })
        const unpacker = new LinesUnpacker()
        for (const lines of told) {
          const packed = packer.pack(Buffer.alloc(0))
          const crossed = structuredClone(packed, { transfer: [packed.numbers.buffer as ArrayBuffer] })
          expect(unpacker.unpack(crossed)).toEqual({ lines, ...passed })
        }
      }),
      { numRuns: 500 },
    )
  })

  it('tell of every captured line what the decoders make of it, however it is damaged', () => {
    const decode = createLinesDecoder(dialects)
    const captured = readCapturedLines()
    const damaged = fc
      .record({ line: fc.constantFrom(...captured), at: fc.nat(1500), put: fc.string({ maxLength: 3 }) })
      .map(({ line, at, put }) => line.slice(0, at) + put + line.slice(at + 1))
    // The same for all runs, as in the process.
    const [packer, unpacker] = [new LinesPacker(decode), new LinesUnpacker()]
    fc.assert(
      fc.property(fc.array(damaged, { maxLength: 40 }), changed => {
        const chunk = Buffer.from([...captured, ...changed].map(text => `${text}\n`).join(''))
        const lines: DecodedLine[] = []
        const passed = decode(chunk, (start, one) => lines.push({ start, decoded: one }))
        const crossed = unpacker.unpack(structuredClone(packer.pack(chunk)))
        expect(crossed).toEqual({ lines, ...passed })
      }),
      { numRuns: 30 },
    )
  })

  it('tell once what many lines have in common, also of several chunks', () => {
    const line = `${readCapturedLines()[14]}\n`
    const [packer, unpacker] = [new LinesPacker(createLinesDecoder(dialects)), new LinesUnpacker()]
    const told = [100, 100].map(lines => packer.pack(Buffer.from(line.repeat(lines))))
    expect(told.map(({ rests }) => rests.length)).toEqual([1, 0])
    expect(told.map(packed => unpacker.unpack(packed).lines.length)).toEqual([100, 100])
  })

  it('forget after a chunk rests that are too many', () => {
    const packer = new LinesPacker((_chunk, take) => {
      for (let line = 0; line < 100; line++) {
        take(line, { decoder: 'one', decoding: { kind: 'no_signal', time: 0, template: `${line}` } })
      }
      return { skipped: 0, tooLong: 0, mayHaveParts: false, consoleText: undefined }
    })
    const unpacker = new LinesUnpacker()
    for (let chunk = 0; chunk < 3; chunk++) {
      const packed = packer.pack(Buffer.alloc(0))
      expect(packed.rests).toHaveLength(100)
      const last = unpacker.unpack(packed).lines.at(-1)
      expect(last?.decoded.decoding).toEqual({ kind: 'no_signal', time: 0, template: '99' })
    }
  })
})
