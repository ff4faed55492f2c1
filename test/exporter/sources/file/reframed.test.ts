import { appendFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { FORGEABLE_BYTES } from '../../../../decoding/console-text.ts'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { dialectFixtures } from '../../../decoding/dialect-fixtures.ts'
import { entryFields, exported, openclawEntry } from '../../../decoding/journal-entries.ts'
import { bodyOf, Following, logLine, temporaryFolder } from './following.ts'

const { decode } = createDispatcher(dialects)
const refusal = dialectFixtures['openclaw-console']?.lines?.find(line => line.includes('"cause":"unauthorized"')) ?? ''
const OTHER_SEQUENCE = 'c'.repeat(32)

let folder: ReturnType<typeof temporaryFolder>
let log: string
let following: Following

beforeEach(() => {
  folder = temporaryFolder()
  log = join(folder.path, 'gateway.log')
  following = new Following({ paths: [join(folder.path, '*')] })
})

afterEach(async () => {
  await following.stop()
  folder.remove()
})

const append = (...contents: (Buffer | string)[]) =>
  appendFileSync(log, Buffer.concat(contents.map(content => Buffer.from(content))))
const records = () => following.batches.flatMap(batch => batch.records)
/** The texts of lines, and the messages of entries. */
const texts = () =>
  records().map(record => {
    const { MESSAGE, message } = JSON.parse(bodyOf(record).replace('\ufeff', ''))
    return MESSAGE ?? message
  })
/** What the decoders make of what was read. */
const outcomes = () =>
  records().map(record => {
    const { decoding } = decode(record)
    return decoding.kind === 'undecoded' ? decoding.reason : decoding.kind
  })
/** An entry of another program whose message holds what looks like a record of the gateway. */
const foreignEntry = (message: string) => exported(entryFields(message, [['_SYSTEMD_UNIT', 'shop.service']]))

const contents = {
  lines: (text: string) => Buffer.from(`${logLine(text)}\n`),
  'UTF-16': (text: string) => Buffer.from(`\ufeff${logLine(text)}\n`, 'utf16le'),
  'entries of a journal': (text: string) => openclawEntry(text),
  'entries of another journal': (text: string) => openclawEntry(text, [], OTHER_SEQUENCE),
} as const
type Kind = keyof typeof contents
const kinds = Object.keys(contents) as Kind[]

describe('a file that begins again', () => {
  it.each(kinds.flatMap(from => kinds.map(to => [from, to] as const)))(
    'is read where %s become %s',
    async (from, to) => {
      append(contents[from]('one'), contents[from]('two of some length'))
      await following.catchUp()
      truncateSync(log)
      append(contents[to]('three'))
      await following.catchUp()
      append(to === 'UTF-16' ? contents[to]('four').subarray(2) : contents[to]('four'))
      await following.catchUp()
      expect(texts()).toEqual(['one', 'two of some length', 'three', 'four'])
    },
  )

  it('is passed over by name where it is compressed, and read where that holds what was read', async () => {
    append(contents.lines('one'), contents.lines('two'.repeat(400)))
    await following.catchUp()
    writeFileSync(log, gzipSync(contents.lines('unknown')))
    await following.catchUp()
    expect(following.source.health()).toMatchObject({ details: { passedOverFiles: 1 } })
    expect(following.warnings).toEqual([expect.stringContaining('holds nothing that is known from a followed file')])
    writeFileSync(log, contents.lines('three'))
    await following.catchUp()
    expect([texts().map(text => text.slice(0, 5)), following.lostBytes]).toEqual([['one', 'twotw', 'three'], 0])
  })

  it('believes no record within a mebibyte after entries of a journal: it may be what a client wrote into the last of them', async () => {
    append(openclawEntry('one'))
    await following.catchUp()
    truncateSync(log)
    const filling = `${logLine('x'.repeat(1000))}\n`
    const before = Math.ceil(FORGEABLE_BYTES / filling.length)
    append(`${refusal}\n`, filling.repeat(before), `${refusal}\n`)
    await following.catchUp()
    const found = outcomes()
    expect([found[1], found.at(-1)]).toEqual(['forgeable_line', 'claim'])
  })

  it('believes nothing that a client wrote into the entry in which it was truncated, whatever is read first', async () => {
    const cut = foreignEntry(`x\n${refusal}\n`)
    for (const length of [100, cut.indexOf(refusal), cut.length - 1]) {
      append(openclawEntry('one'))
      await following.catchUp()
      truncateSync(log)
      append(cut.subarray(length))
      await following.catchUp()
      append(openclawEntry(refusal))
      await following.catchUp()
      truncateSync(log)
      await following.catchUp()
    }
    expect(outcomes().filter(outcome => outcome === 'claim')).toHaveLength(3)
    expect(following.counted('partial_record')).toBe(3)
  })
})

describe('a file that begins within an entry of a journal', () => {
  const half = (message: string) => {
    const entry = foreignEntry(message)
    const at = entry.indexOf('MESSAGE')
    return [entry.subarray(0, at + 18), entry.subarray(at + 18)] as const
  }

  it.each([64, 512 * 1024])(
    'is read from its first whole entry, and what it begins with is counted (%d)',
    async readBytes => {
      following = new Following({ paths: [join(folder.path, '*')] }, [], { readBytes })
      append(half(`x\n${refusal}\n`)[1], openclawEntry('two'), openclawEntry(refusal))
      await following.catchUp()
      append(openclawEntry('three'))
      await following.catchUp()
      const messages = records().flatMap(record => {
        try {
          return [JSON.parse(bodyOf(record)).MESSAGE ?? 'no message']
        } catch {
          return []
        }
      })
      expect(messages.filter(message => message !== 'no message')).toEqual(['two', refusal, 'three'])
      // Where it is not read at once, nothing shows that the rest of an entry is one.
      if (readBytes > 64) expect(outcomes()).not.toContain('claim')
      expect(following.counted('partial_record')).toBe(1)
    },
  )

  it('believes the entries where another file shows that they are of its journal', async () => {
    const [begin, rest] = half(`x\n${refusal}\n`)
    append(openclawEntry('one'), begin)
    await following.catchUp()
    renameSync(log, `${log}.1`)
    append(rest)
    await following.catchUp()
    append(openclawEntry(refusal))
    await following.catchUp()
    expect(outcomes().filter(outcome => outcome === 'claim')).toHaveLength(1)
    expect(following.counted('partial_record')).toBe(1)
  })

  it('is read from its last entry where counting begins at its end, and its backfill from its first', async () => {
    following = new Following({ paths: [log], startAt: 'end' })
    append(half('x\ny')[1], openclawEntry('old'), openclawEntry('new').subarray(0, 200))
    await following.catchUp()
    append(openclawEntry('new').subarray(200))
    await following.catchUp()
    expect(texts()).toEqual(['new'])
    const backfill: string[] = []
    const start = { cursor: new Map(), signal: new AbortController().signal }
    for await (const batch of following.source.backfill?.(start) ?? []) backfill.push(...batch.records.map(bodyOf))
    expect(backfill.map(body => (body.startsWith('{') ? JSON.parse(body).MESSAGE : body))).toContain('old')
  })

  it('is believed from its last entry on where more than a mebibyte of entries precedes that', async () => {
    following = new Following({ paths: [log], startAt: 'end' })
    append(half('x\ny')[1], ...Array.from({ length: 5000 }, (_, index) => openclawEntry(`${index}`)))
    await following.catchUp()
    append(openclawEntry(refusal))
    await following.catchUp()
    expect(outcomes()).toEqual(['claim'])
  })

  it('loses no line of a log in which a client writes what looks like an entry', async () => {
    const console = (text: string) => `12:00:00 [gateway] ${text}\n`
    const entry = openclawEntry('forged').toString()
    append(console('one'), `x\n\n${entry}`, console('two'), `x\n\n${entry}${console('three')}`)
    await following.catchUp()
    append(`${refusal}\n`, console('four'))
    await following.catchUp()
    const bodies = records().map(bodyOf)
    for (const text of ['one', 'two', 'three', 'four']) expect(bodies).toContain(console(text).trimEnd())
    expect(outcomes()).toContain('forgeable_line')
    expect(outcomes()).not.toContain('claim')
  })
})
