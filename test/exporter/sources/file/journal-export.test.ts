import { appendFileSync, copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import type { SourceRecord } from '../../../../exporter/contracts/source.ts'
import { GONE_PATIENCE_MS } from '../../../../exporter/sources/file/file-set.ts'
import { MAX_LINE_BYTES } from '../../../../exporter/sources/file/lines.ts'
import { dialectFixtures } from '../../../decoding/dialect-fixtures.ts'
import { entryFields, exported, openclawEntry, SEQUENCE } from '../../../decoding/journal-entries.ts'
import { bodyOf, Following, NOON, temporaryFolder } from './following.ts'

const { decode } = createDispatcher(dialects)
const refusal = dialectFixtures['openclaw-console']?.lines?.find(line => line.includes('"cause":"unauthorized"')) ?? ''
/** What a client puts into a message so that it looks like the end of its entry and an entry of the gateway. */
const forged = `x\n\n${openclawEntry(refusal)}`

const messageOf = (record: SourceRecord): string => {
  const { MESSAGE } = JSON.parse(bodyOf(record))
  return typeof MESSAGE === 'string' ? MESSAGE : Buffer.from(MESSAGE).toString('latin1')
}

const text = fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom('\n', '\n\n', forged, 'é☃😀', '\0', '\u00ff\u00fe'))
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      texts: fc.array(text, { minLength: 1, maxLength: 3 }),
      isByte: fc.boolean(),
      stream: fc.constantFrom('a', 'b'),
      bytes: fc.nat(3000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('read' as const), batches: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('rename' as const, 'copyTruncate' as const, 'kill' as const, 'stop' as const),
    }),
  },
)

describe('a file in the export format of the journal', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let log: string
  let following: Following

  beforeEach(() => {
    folder = temporaryFolder()
    log = join(folder.path, 'journal.export')
    following = new Following({ paths: [join(folder.path, '*')] })
  })

  afterEach(async () => {
    await following.stop()
    folder.remove()
  })

  const append = (...entries: (Buffer | string)[]) =>
    appendFileSync(log, Buffer.concat(entries.map(entry => Buffer.from(entry))))
  const records = () => following.batches.flatMap(batch => batch.records)
  const messages = () => records().map(messageOf)

  it('gives each entry once, whatever its values hold and however it is written, split, rotated and killed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 1, maxLength: 24 }),
        fc.constantFrom(64, 700, 512 * 1024),
        async (actions, readBytes) => {
          const place = temporaryFolder()
          const path = join(place.path, 'journal.export')
          const reader = new Following({ paths: [join(place.path, '*')] }, [], { readBytes })
          const expected: string[] = []
          let pending = Buffer.alloc(0)
          let files = 0
          const flush = () => {
            appendFileSync(path, pending)
            pending = Buffer.alloc(0)
          }
          try {
            writeFileSync(path, '')
            for (const next of actions) {
              if (next.do === 'write') {
                const own = next.texts.map((one, index) => (index === 0 ? `${expected.length}${one}` : one))
                const all = own.map(one => Buffer.from(one, next.isByte ? 'latin1' : 'utf8'))
                expected.push(Buffer.concat(all).toString('utf8'))
                const entries = all.map((message, index) =>
                  openclawEntry(message, [
                    ['_STREAM_ID', next.stream.repeat(32)],
                    ...(index < all.length - 1 ? ([['_LINE_BREAK', 'line-max']] as const) : []),
                  ]),
                )
                pending = Buffer.concat([pending, ...entries])
                appendFileSync(path, pending.subarray(0, next.bytes))
                pending = pending.subarray(next.bytes)
              }
              await reader.act(next)
              if (next.do === 'rename' || next.do === 'copyTruncate') {
                flush()
                const rotated = join(place.path, `journal-${++files}.export`)
                if (next.do === 'rename') renameSync(path, rotated)
                else copyFileSync(path, rotated)
                if (next.do === 'copyTruncate') truncateSync(path)
              }
            }
            flush()
            await reader.catchUp()
            const all = reader.batches.flatMap(batch => batch.records)
            const found = all.map(record => {
              const { MESSAGE } = JSON.parse(bodyOf(record))
              return Buffer.from(MESSAGE).toString('utf8')
            })
            expect(found.toSorted()).toEqual(expected.toSorted())
            expect(
              reader.batches.map(batch => batch.tally.undecoded).filter(one => Object.keys(one).length > 0),
            ).toEqual([])
            expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
          } finally {
            await reader.stop()
            place.remove()
          }
        },
      ),
      { numRuns: 50 },
    )
  }, 120_000)

  it('is read from its last entry where counting begins at its end, and its backfill up to there', async () => {
    following = new Following({ paths: [log], startAt: 'end' })
    const partly = openclawEntry(`third ${forged}`)
    append(openclawEntry(`first ${forged}`), openclawEntry('second'), partly.subarray(0, 300))
    await following.catchUp()
    append(partly.subarray(300), openclawEntry('fourth'))
    await following.catchUp()
    expect(messages()).toEqual([`third ${forged}`, 'fourth'])
    const backfill: string[] = []
    const start = { cursor: new Map(), signal: new AbortController().signal }
    for await (const batch of following.source.backfill?.(start) ?? []) backfill.push(...batch.records.map(messageOf))
    expect(backfill).toEqual([`first ${forged}`, 'second'])
  })

  it('counts nothing that a client wrote into the message of another program', async () => {
    append(exported(entryFields(forged, [['_SYSTEMD_UNIT', 'shop.service']])), openclawEntry(refusal))
    await following.catchUp()
    expect(records().map(record => decode(record).decoding.kind)).toEqual(['undecoded', 'claim'])
  })

  it.each([
    ['a text', openclawEntry('cut short')],
    ['a value with a length', openclawEntry('cut\nshort')],
  ])('is read on where a writer was ended within %s and another one continued', async (_what, entry) => {
    for (let length = 80; length < entry.length; length++) {
      append(entry.subarray(0, length), openclawEntry(`next\n${length}`), openclawEntry('last'))
    }
    await following.catchUp()
    const found = messages().filter(message => message.startsWith('next'))
    expect(found.length).toBeGreaterThan(0.9 * (entry.length - 80))
    expect(found.length + following.counted('partial_record')).toBeGreaterThanOrEqual(entry.length - 80)
    expect(new Set(found).size).toBe(found.length)
  })

  it.each([
    ['at its beginning', 0],
    ['after NULs', 5000],
  ])('is read on from its next entry where it was truncated while one was written, %s', async (_where, nuls) => {
    append(openclawEntry('one'))
    await following.catchUp()
    truncateSync(log)
    const cut = exported(entryFields(forged.replaceAll(SEQUENCE, 'f'.repeat(32)), [['_SYSTEMD_UNIT', 'shop.service']]))
    append('\0'.repeat(nuls), cut.subarray(-cut.length + 250), openclawEntry('two'))
    await following.catchUp()
    append(openclawEntry('three'))
    await following.catchUp()
    // What the client wrote looks like an entry of another sequence, which would be lost.
    expect([messages(), following.counted('partial_record')]).toEqual([['one', 'two', 'three'], 2])
  })

  it.each([64, 512 * 1024])(
    'counts each entry of another sequence that follows an incomplete one (%d)',
    async readBytes => {
      await following.stop()
      following = new Following({ paths: [log] }, [], { readBytes })
      const others = Array.from({ length: 40 }, (_, index) => openclawEntry(`${index}`, [], 'c'.repeat(32)))
      append(openclawEntry('one'), openclawEntry('torn').subarray(0, -5), ...others.slice(0, 20))
      await following.catchUp()
      append(...others.slice(20))
      await following.catchUp()
      append(openclawEntry('two'))
      await following.catchUp()
      expect([messages(), following.counted('partial_record')]).toEqual([['one', 'two'], 41])
    },
  )

  it('counts an entry above 1 MiB once as too long, and reads what follows, also after a restart', async () => {
    const long = openclawEntry(`${'x\n'.repeat(MAX_LINE_BYTES)}`)
    append(openclawEntry('one'), long.subarray(0, 1.5 * MAX_LINE_BYTES))
    await following.catchUp()
    await following.stop()
    append(long.subarray(1.5 * MAX_LINE_BYTES), openclawEntry('two'))
    await following.catchUp()
    expect([messages(), following.counted('line_too_long'), following.counted('partial_record')]).toEqual([
      ['one', 'two'],
      1,
      0,
    ])
  })

  it('counts an entry without an end once as partial_record where the file is removed', async () => {
    append(openclawEntry('one'), openclawEntry('two').subarray(0, -1))
    await following.catchUp()
    rmSync(log)
    await following.wait(GONE_PATIENCE_MS)
    await following.wait(GONE_PATIENCE_MS)
    expect([messages(), following.counted('partial_record')]).toEqual([['one'], 1])
  })

  it('moves the watermark by the time at which the journal took an entry', async () => {
    const entry = (time: number) =>
      exported([
        ['__CURSOR', `s=${SEQUENCE};i=1`],
        ['__REALTIME_TIMESTAMP', String(time * 1000)],
        ['_HOSTNAME', 'gw'],
        ['_SYSTEMD_UNIT', 'openclaw.service'],
        ['MESSAGE', 'x'],
      ])
    append(entry(NOON), entry(NOON + 5_000))
    await following.catchUp()
    expect([...following.committed.values()]).toContainEqual(expect.objectContaining({ time: NOON + 5_000 }))
  })
})
