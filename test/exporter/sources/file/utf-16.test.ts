import { appendFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { GONE_PATIENCE_MS } from '../../../../exporter/sources/file/file-set.ts'
import { MAX_LINE_BYTES } from '../../../../exporter/sources/file/lines.ts'
import { Following, logLine, temporaryFolder } from './following.ts'

type Order = 'LE' | 'BE'

/** As PowerShell writes it: with a byte order mark at the beginning of the file and CRLF after each line. */
function encoded(text: string, order: Order): Buffer {
  const bytes = Buffer.from(text, 'utf16le')
  return order === 'LE' ? bytes : bytes.swap16()
}

/** Characters of which a byte is that of a newline, of one, two and three bytes in UTF-8, and of two code units. */
const character = fc.constantFrom('a', '\u010a', '\u0a0a', '\u0a00', '\u000b', 'é', '☃', '😀', '\udc00')
const line = fc.array(character, { maxLength: 60 }).map(characters => characters.join(''))
const order = fc.constantFrom<Order>('LE', 'BE')

describe.each(['LE', 'BE'] as const)('a file in UTF-16 %s', own => {
  let folder: ReturnType<typeof temporaryFolder>
  let log: string
  let following: Following

  beforeEach(() => {
    folder = temporaryFolder()
    log = join(folder.path, 'gateway.log')
    following = new Following({ paths: [log] })
  })

  afterEach(async () => {
    await following.stop()
    folder.remove()
  })

  const append = (text: string) => appendFileSync(log, encoded(text, own))

  it('gives its lines, and those that are written later', async () => {
    append(`\ufeff${logLine('one')}\r\n${logLine('two')}\r\n`)
    await following.catchUp()
    append(`${logLine('three')}\r\n`)
    await following.catchUp()
    const bodies = following.bodies.map(body => body.replace('\ufeff', '').trimEnd())
    expect(bodies).toEqual(['one', 'two', 'three'].map(text => logLine(text)))
    expect(following.source.health()).toMatchObject({ up: true, backlog: 0 })
  })

  it('is read on where it was truncated, although its writer writes no mark again', async () => {
    append(`\ufeff${logLine('one')}\r\n${logLine('two')}\r\n`)
    await following.catchUp()
    truncateSync(log)
    append(`\n${logLine('three')}\r\n`)
    await following.catchUp()
    const bodies = following.bodies.map(body => body.replace('\ufeff', '').trim())
    expect(bodies.filter(body => body !== '')).toEqual(['one', 'two', 'three'].map(text => logLine(text)))
  })

  it('is read from its end where that is configured, and its backfill up to there', async () => {
    following = new Following({ paths: [log], startAt: 'end' })
    append(`\ufeffold\u0a0a\n${'half \u010a'}`)
    await following.catchUp()
    append(' a line\n')
    await following.catchUp()
    expect(following.bodies).toEqual(['half \u010a a line'])
    const start = { cursor: new Map(), signal: new AbortController().signal }
    const backfill: string[] = []
    for await (const batch of following.source.backfill?.(start) ?? []) {
      backfill.push(...batch.records.map(({ body }) => String(body)))
    }
    expect(backfill).toEqual(['\ufeffold\u0a0a'])
  })

  it('gives its last line without a newline when it is gone, and counts a line that is too long once', async () => {
    append(`\ufeff${'z'.repeat(MAX_LINE_BYTES)}\u0a0a`)
    await following.catchUp()
    append('z\nlast')
    await following.catchUp()
    following.clock.passed += GONE_PATIENCE_MS
    folder.remove()
    await following.wait(GONE_PATIENCE_MS)
    expect(following.bodies).toEqual(['last'])
    expect(following.batches.map(({ tally }) => tally.undecoded.line_too_long ?? 0).filter(Boolean)).toEqual([1])
  })
})

it('text in UTF-16 is the same line by line, wherever its bytes are cut and its reader is killed', async () => {
  const steps = fc.array(fc.record({ bytes: fc.nat(300), next: fc.constantFrom('read', 'kill', 'stop', 'wait') }), {
    maxLength: 12,
  })
  await fc.assert(
    fc.asyncProperty(order, fc.array(line, { maxLength: 20 }), steps, async (chosen, lines, cuts) => {
      const folder = temporaryFolder()
      const log = join(folder.path, 'gateway.log')
      const following = new Following({ paths: [log] }, [], { readBytes: 128 })
      let rest = encoded(`\ufeff${lines.map(text => `${text}\n`).join('')}`, chosen)
      writeFileSync(log, '')
      try {
        for (const { bytes, next } of cuts) {
          appendFileSync(log, rest.subarray(0, bytes))
          rest = rest.subarray(bytes)
          if (next === 'read') await following.pull()
          if (next === 'kill') await following.pull(false)
          if (next === 'kill' || next === 'stop') await following.stop()
        }
        appendFileSync(log, rest)
        await following.catchUp()
        const [first = '', ...others] = lines
        const expected = (lines.length === 0 ? [] : [`\ufeff${first}`, ...others]).map(text => text.toWellFormed())
        expect(following.bodies).toEqual(expected)
        const ids = following.batches.flatMap(({ records }) => records.map(({ id }) => Number(id.split(':').at(-1))))
        const units = expected.map(text => text.length + 1)
        expect(ids).toEqual(
          units.map((_length, index) => 2 * units.slice(0, index).reduce((sum, length) => sum + length, 0)),
        )
      } finally {
        await following.stop()
        folder.remove()
      }
    }),
    { numRuns: 150 },
  )
})
