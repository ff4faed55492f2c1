import { afterEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import type { Receipt } from '../../../../exporter/contracts/source.ts'
import { Receiving } from './receiving.ts'
import { attributesOf, deliveryOf, encoded, lineOfFile, requestOf, signIn } from './requests.ts'

const { decode } = createDispatcher(dialects)
const encodings = ['protobuf', 'json'] as const

const running = new Set<Receiving>()
function receiving(before?: Receiving, more = {}): Receiving {
  const one = new Receiving(before, more)
  running.add(one)
  return one
}
afterEach(async () => {
  for (const one of running) await one.stop()
  running.clear()
})

/** Delivers, and commits as soon as the answer waits for it. */
async function deliver(to: Receiving, ...args: Parameters<typeof deliveryOf>): Promise<Receipt | undefined> {
  const receipt = to.source.receive?.(deliveryOf(...args))
  await Promise.race([receipt, to.untilAwaited()])
  to.commit()
  return receipt
}

describe.each(encodings)('a source of type otlp that receives %s', encoding => {
  it('answers a delivery only after the commit that holds its records', async () => {
    const to = receiving()
    let receipt: Receipt | undefined
    const answered = to.source.receive?.(deliveryOf(requestOf([signIn(1)]), encoding)).then(answer => {
      receipt = answer
    })
    await to.untilAwaited()
    expect(to.records).toHaveLength(1)
    expect(receipt).toBeUndefined()
    to.commit()
    await answered
    expect(receipt).toEqual({ outcome: 'committed', malformed: 0 })
  })

  it('hands on a security event that its dialect decodes, with the gateway of its resource', async () => {
    const to = receiving()
    await deliver(to, requestOf([signIn(1)]), encoding)
    const [record] = to.records
    const { decoder, decoding } = decode(record as never)
    expect(decoder).toBe('security-event')
    expect(decoding).toMatchObject({
      kind: 'claim',
      time: 1_795_392_000_001,
      claim: { signal: 'auth_successes', origin: { serviceInstance: 'gw-1', service: 'openclaw-gateway' } },
    })
  })

  it("hands on OpenClaw's log by OpenTelemetry with its message withheld, and lines of files that the Collector read", async () => {
    const to = receiving()
    const withheld = {
      timeUnixNano: '1795392000000000000',
      body: { stringValue: 'log' },
      attributes: attributesOf({
        'openclaw.log.level': 'WARN',
        'openclaw.subsystem': 'gateway/ws',
        'openclaw.cause': 'unauthorized',
        'openclaw.handshake': 'failed',
        'openclaw.authReason': 'token_mismatch',
        'openclaw.remoteAddr': '203.0.113.9',
      }),
    }
    const line = '{"ts":"2026-11-23T00:00:00.000Z","type":"security.event","action":"gateway.auth.succeeded"}'
    await deliver(to, requestOf([withheld, lineOfFile(line, 1_795_392_000_000)]), encoding)
    const decoded = to.records.map(record => decode(record))
    expect(decoded.map(({ decoder }) => decoder)).toEqual(['openclaw-otel', 'security-event'])
    expect(decoded[0]?.decoding).toMatchObject({ kind: 'claim', claim: { signal: 'auth_failures' } })
  })

  it('counts a request once that is repeated, and equal records of one request each', async () => {
    const to = receiving()
    const request = requestOf([signIn(1), signIn(2), signIn(2), signIn(2)])
    await deliver(to, request, encoding)
    expect(await deliver(to, request, encoding)).toEqual({ outcome: 'committed', malformed: 0 })
    expect(to.records).toHaveLength(4)
    expect(new Set(to.records.map(({ id }) => id)).size).toBe(4)
    expect(to.batches.reduce((sum, { tally }) => sum + (tally.duplicates ?? 0), 0)).toBe(4)
  })

  it('answers the repeat of a request that is not committed yet only after the commit too', async () => {
    const to = receiving()
    const request = deliveryOf(requestOf([signIn(1)]), encoding)
    const answers: string[] = []
    const first = to.source.receive?.(request).then(() => answers.push('first'))
    await to.untilAwaited()
    const second = to.source.receive?.(request).then(() => answers.push('second'))
    for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
    expect(answers).toEqual([])
    to.commit()
    await Promise.all([first, second])
    expect(to.records).toHaveLength(1)
  })

  it('counts each record once where the exporter is killed at any moment and the sender repeats until it is answered', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.record({ turns: fc.nat(12), commits: fc.boolean() }), { maxLength: 6 }),
        async (sizes, lives) => {
          let number = 0
          const requests = sizes.map(size => requestOf(Array.from({ length: size }, () => signIn(++number))))
          const waiting = new Set(requests.map(request => deliveryOf(request, encoding)))
          let to: Receiving | undefined
          for (const { turns, commits } of [...lives, { turns: Number.POSITIVE_INFINITY, commits: true }]) {
            // What was not committed is lost; what was answered is not sent again.
            to = receiving(to)
            const { source } = to
            for (const delivery of waiting) {
              void source.receive?.(delivery).then(({ outcome }) => outcome === 'committed' && waiting.delete(delivery))
            }
            for (let turn = 0; turn < turns && waiting.size > 0; turn++) {
              await new Promise(resolve => setImmediate(resolve))
              if (commits && turn % 3 === 2) to.commit()
            }
            await to.stop()
          }
          expect(to?.committedIds).toHaveLength(number)
          expect(new Set(to?.committedIds).size).toBe(number)
        },
      ),
      { numRuns: 12 },
    )
  })

  it('refuses a body that is no request, with nothing of it counted', async () => {
    const to = receiving()
    const whole = encoded(requestOf([signIn(1), signIn(2)]), encoding)
    const cut = whole.subarray(0, whole.length - 3)
    for (const body of [cut, Buffer.from('no request'), Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])]) {
      expect(await to.source.receive?.({ encoding, body })).toMatchObject({ outcome: 'malformed' })
    }
    expect(to.records).toEqual([])
  })

  it('rejects a record of wrong types or one that is too large, and counts the others', async () => {
    const to = receiving()
    const large = signIn(3, { body: { stringValue: 'x'.repeat(140_000) } })
    const deep = (levels: number): object =>
      levels === 0 ? { stringValue: 'x' } : { arrayValue: { values: [deep(levels - 1)] } }
    const receipt = await deliver(to, requestOf([signIn(1), large, signIn(2, { body: deep(20) })]), encoding)
    expect(receipt).toEqual({ outcome: 'committed', malformed: 2 })
    expect(to.records).toHaveLength(1)
    const undecoded = to.batches.map(({ tally }) => tally.undecoded).filter(reasons => Object.keys(reasons).length > 0)
    expect(undecoded).toEqual([{ malformed_record: 1, line_too_long: 1 }])
  })

  it('gives the same document of the same record in the other encoding', async () => {
    const values = [
      { stringValue: 'é\u0000\ud83d\ude00' },
      { intValue: '9007199254740993' },
      { intValue: '-3' },
      { doubleValue: 0.5 },
      { boolValue: false },
      { bytesValue: 'AAEC' },
      { arrayValue: { values: [{ stringValue: 'a' }, { kvlistValue: { values: attributesOf({ a: 'b' }) } }] } },
      {
        kvlistValue: {
          values: attributesOf(
            Object.fromEntries([
              ['__proto__', 'x'],
              ['a.b', 'c'],
            ]),
          ),
        },
      },
      {},
    ]
    const attributes = values.map((value, index) => ({ key: `k${index}`, value }))
    const request = requestOf([signIn(1, { attributes }), ...values.map(body => signIn(2, { body }))])
    const [one, other] = [receiving(), receiving()]
    await deliver(one, request, encoding)
    await deliver(other, request, encoding === 'json' ? 'protobuf' : 'json')
    expect(one.records.map(({ body }) => body)).toEqual(other.records.map(({ body }) => body))
    expect(one.records).toHaveLength(10)
  })
})

describe('a source of type otlp', () => {
  it('takes nothing before it is read, nor after, and answers what waits when it stops', async () => {
    const to = receiving()
    await to.stop()
    const receipt = await to.source.receive?.(deliveryOf(requestOf([signIn(1)]), 'json'))
    expect(receipt).toMatchObject({ outcome: 'unavailable' })
    const other = receiving()
    const waiting = other.source.receive?.(deliveryOf(requestOf([signIn(1)]), 'json'))
    await other.untilAwaited()
    await other.stop()
    expect(await waiting).toMatchObject({ outcome: 'unavailable' })
  })

  it('takes no more while 64 MiB wait', async () => {
    const to = receiving()
    const body = Buffer.alloc(16 * 2 ** 20)
    const receipts = Array.from({ length: 5 }, () => to.source.receive?.({ encoding: 'protobuf', body }))
    expect(await receipts[4]).toMatchObject({ outcome: 'unavailable', sentence: expect.stringContaining('wait') })
  })

  it('remembers ids for the horizon only, and says how many', async () => {
    let now = 1_795_392_000_000
    const clock = { now: () => now, monotonic: () => now }
    const to = receiving(undefined, { clock })
    await deliver(to, requestOf([signIn(1)]), 'json')
    expect(to.source.health().details?.rememberedIds).toBe(1)
    now += 3_600_000 + 120_000
    await deliver(to, requestOf([signIn(2)]), 'json')
    expect(to.source.health().details?.rememberedIds).toBe(1)
    await deliver(to, requestOf([signIn(1)]), 'json')
    expect(to.records).toHaveLength(3)
  })

  it('holds its watermark for the lateness after a start, and follows the clock at that distance then', async () => {
    let now = 1_795_392_000_000
    const clock = { now: () => now, monotonic: () => now }
    const first = receiving(undefined, { clock })
    await deliver(first, requestOf([signIn(1)]), 'json')
    now += 90_000
    await deliver(first, requestOf([signIn(2)]), 'json')
    expect(first.batches.at(-1)?.watermark).toBe(1_795_392_030_000)
    await first.stop()
    now += 600_000
    const second = receiving(first, { clock })
    await deliver(second, requestOf([signIn(3)]), 'json')
    now += 59_000
    await deliver(second, requestOf([signIn(4)]), 'json')
    expect(second.batches.at(-1)?.watermark).toBe(1_795_392_030_000)
    now += 1_000
    await deliver(second, requestOf([signIn(5)]), 'json')
    expect(second.batches.at(-1)?.watermark).toBe(now - 60_000)
  })
})
