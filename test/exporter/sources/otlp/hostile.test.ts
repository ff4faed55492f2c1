import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import protobuf from 'protobufjs/minimal.js'
import type { Receipt } from '../../../../exporter/contracts/source.ts'
import { Receiving } from './receiving.ts'
import { encoded, requestOf, signIn } from './requests.ts'

let to: Receiving
beforeEach(() => {
  to = new Receiving()
})
afterEach(() => to.stop())

async function deliver(encoding: 'protobuf' | 'json', body: Uint8Array): Promise<Receipt | undefined> {
  const receipt = to.source.receive?.({ encoding, body })
  await Promise.race([receipt, to.untilAwaited()])
  to.commit()
  return receipt
}

/** A field with a length. */
const field = (number: number, content: Uint8Array) =>
  Buffer.from(
    protobuf.Writer.create()
      .uint32((number << 3) | 2)
      .bytes(content)
      .finish(),
  )
/** An AnyValue with an ArrayValue with an AnyValue, and so on, of at least this length. */
function nestedValue(minLength: number): Buffer {
  const innermost = Buffer.from([0x0a, 1, 0x78])
  const heads: Uint8Array[] = []
  let { length } = innermost
  while (length < minLength) {
    for (const number of [1, 5]) {
      const head = protobuf.Writer.create()
        .uint32((number << 3) | 2)
        .uint32(length)
        .finish()
      heads.push(head)
      length += head.length
    }
  }
  return Buffer.concat([...heads.reverse(), innermost])
}

/** A request with these LogRecords. */
const around = (...records: readonly Uint8Array[]) =>
  field(1, field(2, Buffer.concat(records.map(record => field(2, record)))))

const whole = {
  protobuf: encoded(requestOf([signIn(1), signIn(2)]), 'protobuf'),
  json: encoded(requestOf([signIn(1)]), 'json'),
}

describe.each(['protobuf', 'json'] as const)('hostile requests in %s', encoding => {
  it('are refused or rejected record by record, whatever their bytes, and the next request counts', async () => {
    const changed = fc
      .array(fc.tuple(fc.nat(whole[encoding].length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
      .map(changes => {
        const bytes = Uint8Array.from(whole[encoding])
        for (const [at, byte] of changes) bytes[at] = byte
        return bytes
      })
    const cut = fc.nat(whole[encoding].length).map(length => whole[encoding].subarray(0, length))
    let number = 10
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, cut, fc.uint8Array({ maxLength: 200 })), async body => {
        const receipt = await deliver(encoding, body)
        expect(['committed', 'malformed', 'too_large']).toContain(receipt?.outcome)
        number += 1
        expect(await deliver(encoding, encoded(requestOf([signIn(number)]), encoding))).toMatchObject({ malformed: 0 })
      }),
      { numRuns: 150 },
    )
  })

  it('with many records are read some at a time', async () => {
    const records = Array.from({ length: 2_000 }, (_, number) => signIn(number))
    await deliver(encoding, encoded(requestOf(records), encoding))
    expect(Math.max(...to.batches.map(batch => batch.records.length))).toBe(250)
    expect(to.records).toHaveLength(2_000)
  })
})

describe('hostile requests', () => {
  it('lose only the record whose values are nested without end, in protobuf', async () => {
    const good = encoded(requestOf([signIn(1)]), 'protobuf')
    const receipt = await deliver('protobuf', Buffer.concat([around(field(5, nestedValue(130_000))), good]))
    expect(receipt).toEqual({ outcome: 'committed', malformed: 1 })
    expect(to.records).toHaveLength(1)
  })

  it('are refused as a whole where values are nested without end, in JSON', async () => {
    const nested = `${'{"arrayValue":{"values":['.repeat(4_000)}${']}}'.repeat(4_000)}`
    const body = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${nested}},{"body":{"stringValue":"x"}}]}]}]}`
    expect(await deliver('json', Buffer.from(body))).toMatchObject({ outcome: 'malformed' })
    expect(await deliver('json', whole.json)).toEqual({ outcome: 'committed', malformed: 0 })
  })

  it('with 40,000 empty attributes in a record are counted like others', async () => {
    const record = Buffer.concat(Array.from({ length: 40_000 }, () => field(6, Buffer.alloc(0))))
    expect(await deliver('protobuf', around(record))).toEqual({ outcome: 'committed', malformed: 0 })
  })

  it('with more than 100,000 records, or that many fields around none, are refused', async () => {
    const empty = Buffer.concat(Array.from({ length: 100_001 }, () => field(2, Buffer.alloc(0))))
    expect(await deliver('protobuf', field(1, field(2, empty)))).toMatchObject({ outcome: 'too_large' })
    const unknown = Buffer.alloc(2 * 900_000, Buffer.from([0x78, 0]))
    expect(await deliver('protobuf', unknown)).toMatchObject({ outcome: 'too_large' })
    expect(to.records).toEqual([])
  })

  it('with a resource that is larger than any are refused, and large records are read a few at a time', async () => {
    const attributes = Buffer.concat(Array.from({ length: 70_000 }, () => field(1, Buffer.alloc(0))))
    const body = field(1, Buffer.concat([field(1, attributes), field(2, field(2, Buffer.alloc(0)))]))
    expect(await deliver('protobuf', body)).toMatchObject({ outcome: 'malformed' })
    const large = Array.from({ length: 20 }, (_, number) =>
      signIn(number, { body: { stringValue: 'x'.repeat(120_000) } }),
    )
    await deliver('protobuf', encoded(requestOf(large), 'protobuf'))
    expect(Math.max(...to.batches.map(batch => batch.records.length))).toBeLessThan(4)
    expect(to.records).toHaveLength(20)
  })

  it('cannot give a record the origin of another one by its attributes', async () => {
    const attributes = [
      'service.instance.id',
      'host.name',
      'resource',
      'resource.attributes.host.name',
      '__proto__',
    ].map(key => ({ key, value: { stringValue: 'forged' } }))
    await deliver('protobuf', encoded(requestOf([signIn(1, { attributes })]), 'protobuf'))
    const [{ body } = { body: {} }] = to.records
    const { resource, attributes: given } = body as Readonly<Record<string, object>>
    expect(resource).toEqual({ attributes: { 'service.name': 'openclaw-gateway', 'service.instance.id': 'gw-1' } })
    expect(Object.getPrototypeOf(given)).toBe(Object.prototype)
  })
})
