import { appendFileSync, copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { GONE_PATIENCE_MS } from '../../../../exporter/sources/file/file-set.ts'
import { MAX_LINE_BYTES } from '../../../../exporter/sources/file/lines.ts'
import { dialectFixtures } from '../../../decoding/dialect-fixtures.ts'
import { journalEntry } from '../../../decoding/line-envelope-fixtures.ts'
import { type Runtime, type Stream, textOf, written } from './container-log.ts'
import { decodedElsewhere, FatefulDecoding } from './fateful-decoding.ts'
import { Following, logLine, temporaryFolder } from './following.ts'

/** Cuts a text at some places, given as parts of a thousand of its length, never within a character. */
function cutAt(text: string, places: readonly number[]): string[] {
  const characters = [...text]
  const ends = places.map(place => Math.floor((place * characters.length) / 1000)).toSorted((a, b) => a - b)
  return [...ends, characters.length].map((end, index) => characters.slice(ends[index - 1] ?? 0, end).join(''))
}

const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      stream: fc.constantFrom<Stream>('stdout', 'stderr'),
      length: fc.nat(1500),
      cuts: fc.array(fc.nat(1000), { maxLength: 4 }),
      /** How many lines of the other stream come in between, and how many bytes are written at once. */
      between: fc.nat(2),
      bytes: fc.nat(3000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('read' as const), batches: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('rename' as const, 'copyTruncate' as const, 'kill' as const, 'stop' as const),
    }),
  },
)

const runtime = fc.constantFrom<Runtime>('docker', 'cri')

describe('records that a container runtime splits', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let log: string
  let following: Following

  beforeEach(() => {
    folder = temporaryFolder()
    log = join(folder.path, 'c-json.log')
    following = new Following({ paths: [join(folder.path, '*.log')] })
  })

  afterEach(async () => {
    await following.stop()
    folder.remove()
  })

  const append = (...lines: string[]) => appendFileSync(log, lines.map(line => `${line}\n`).join(''))
  const texts = () => following.batches.flatMap(batch => batch.records.map(textOf))

  it.each([
    ['handed on as they are', fc.constant(undefined)],
    ['decoded elsewhere', decodedElsewhere],
  ])(
    'give the same as the log that is not split, whatever is cut, interleaved, rotated and killed; lines %s',
    async (_how, elsewhere) => {
      await fc.assert(
        fc.asyncProperty(
          runtime,
          fc.array(action, { minLength: 1, maxLength: 24 }),
          elsewhere,
          async (by, actions, chosen) => {
            const place = temporaryFolder()
            const path = join(place.path, 'openclaw.log')
            const reader = new Following(
              { paths: [join(place.path, 'openclaw*.log')] },
              [],
              chosen === undefined ? {} : { readBytes: chosen.readBytes, decoding: new FatefulDecoding(chosen.fates) },
            )
            const expected: string[] = []
            let pending = Buffer.alloc(0)
            let files = 0
            const flush = () => {
              appendFileSync(path, pending)
              pending = Buffer.alloc(0)
            }
            const record = (length: number): string => {
              const text = logLine(`${expected.length} ${'é😀"\\\\n'.repeat(length / 5)}`.replaceAll('"', '\\"'))
              expected.push(text)
              return text
            }
            try {
              writeFileSync(path, '')
              for (const next of actions) {
                if (next.do === 'write') {
                  const other = next.stream === 'stdout' ? 'stderr' : 'stdout'
                  const parts = cutAt(record(next.length), next.cuts)
                  for (const [index, part] of parts.entries()) {
                    const lines = [written(by, next.stream, part, index < parts.length - 1)]
                    for (let line = 0; line < next.between; line++) lines.push(written(by, other, record(5), false))
                    pending = Buffer.concat([pending, ...lines.map(line => Buffer.from(`${line}\n`))])
                  }
                  appendFileSync(path, pending.subarray(0, next.bytes))
                  pending = pending.subarray(next.bytes)
                }
                await reader.act(next)
                if (next.do === 'rename' || next.do === 'copyTruncate') {
                  flush()
                  const rotated = join(place.path, `openclaw-${++files}.log`)
                  if (next.do === 'rename') renameSync(path, rotated)
                  else copyFileSync(path, rotated)
                  if (next.do === 'copyTruncate') truncateSync(path)
                }
              }
              flush()
              await reader.catchUp()
              const found = reader.batches.flatMap(batch => batch.records.map(textOf))
              expect(found.toSorted()).toEqual(expected.toSorted())
              expect(
                reader.batches.map(batch => batch.tally.undecoded).filter(({ partial_record }) => partial_record),
              ).toEqual([])
              const ids = reader.batches.flatMap(batch => batch.records.map(one => one.id))
              expect(new Set(ids).size).toBe(ids.length)
            } finally {
              await reader.stop()
              place.remove()
            }
          },
        ),
        { numRuns: 60 },
      )
    },
    120_000,
  )

  it.each([
    ['the journal', { _STREAM_ID: 'f93cbf55' }, { _LINE_BREAK: 'line-max' }],
    ["Docker's logging driver journald", { CONTAINER_PARTIAL_ID: 'f93c' }, { CONTAINER_PARTIAL_MESSAGE: 'true' }],
  ])('are joined where %s split them, also within a character', async (_who, stream, isContinued) => {
    const entry = (bytes: Buffer, more: object) =>
      JSON.stringify({
        ...JSON.parse(journalEntry({ _SYSTEMD_UNIT: 'openclaw.service' }, '')),
        ...more,
        MESSAGE: bytes.toString('utf8').includes('\ufffd') ? [...bytes] : bytes.toString('utf8'),
      })
    const record = Buffer.from(logLine(`${'x'.repeat(20_000)}☃${'y'.repeat(20_000)}`))
    const at = record.lastIndexOf('☃') + 1
    append(entry(record.subarray(0, 48 * 1024), { ...stream, ...isContinued }))
    append(entry(Buffer.from(logLine('between')), {}))
    append(entry(record.subarray(48 * 1024, at), { ...stream, ...isContinued }))
    await following.catchUp()
    await following.stop()
    append(entry(record.subarray(at), stream), entry(Buffer.from(logLine('after')), stream))
    await following.catchUp()
    const found = following.bodies.map(body => JSON.parse(body))
    expect(found.map(({ MESSAGE }) => MESSAGE)).toEqual([logLine('between'), record.toString(), logLine('after')])
    expect(found[1]).not.toHaveProperty(Object.keys(isContinued)[0] ?? '')
  })

  it('are given up, the oldest first, where more than 64 streams of the journal have no end', async () => {
    const part = (stream: number) => ({ _STREAM_ID: `${stream}`, _LINE_BREAK: 'line-max' })
    for (let stream = 0; stream < 70; stream++) {
      append(journalEntry({ _SYSTEMD_UNIT: 'openclaw.service', ...part(stream) }, 'x'))
    }
    await following.catchUp()
    expect(following.counted('partial_record')).toBe(6)
    append(journalEntry({ _SYSTEMD_UNIT: 'openclaw.service', _STREAM_ID: '69' }, 'y'))
    await following.catchUp()
    expect(following.bodies.map(body => JSON.parse(body).MESSAGE)).toEqual(['xy'])
  })

  it('put a character together whose bytes are in two parts', async () => {
    const [before, after] = ['2026-11-22T12:00:00.1Z stdout P a', '2026-11-22T12:00:00.1Z stdout F b\n']
    const snowman = Buffer.from('☃')
    appendFileSync(log, Buffer.concat([Buffer.from(before), snowman.subarray(0, 1), Buffer.from('\n')]))
    const end = Buffer.from(after)
    appendFileSync(log, Buffer.concat([end.subarray(0, -2), snowman.subarray(1), end.subarray(-2)]))
    await following.catchUp()
    expect(texts()).toEqual(['a☃b'])
  })

  it('never give the last part as a record of its own, which a caller may have written', async () => {
    const { decode } = createDispatcher(dialects)
    const refusal =
      dialectFixtures['openclaw-console']?.lines?.find(line => line.includes('"cause":"unauthorized"')) ?? ''
    for (const by of ['docker', 'cri'] as const) {
      append(written(by, 'stdout', `agent said ${'x'.repeat(16_000)}`, true), written(by, 'stdout', refusal, false))
    }
    await following.catchUp()
    const records = following.batches.flatMap(batch => batch.records)
    expect(records.map(record => decode(record).decoding.kind)).toEqual(['undecoded', 'undecoded'])
  })

  it.each([
    ['deleted', () => rmSync(log)],
    ['truncated', () => truncateSync(log)],
  ])('count once as partial_record where the file is %s before their end, also after a restart', async (_what, end) => {
    append(written('docker', 'stdout', 'one', true), written('docker', 'stderr', 'two', false))
    append(written('docker', 'stdout', 'of', true))
    await following.catchUp()
    await following.stop()
    await following.catchUp()
    end()
    await following.wait(GONE_PATIENCE_MS)
    await following.wait(GONE_PATIENCE_MS)
    expect([texts(), following.counted('partial_record')]).toEqual([['two'], 1])
  })

  it.each([
    ['bytes', 'x'.repeat(100_000), 11],
    ['parts', 'x', 300],
  ])('count once as too long where they have too many %s, and what follows is read', async (_of, text, parts) => {
    for (let part = 0; part < parts; part++) append(written('cri', 'stdout', text, true))
    await following.catchUp()
    await following.stop()
    append(written('cri', 'stdout', 'end', false), written('cri', 'stdout', 'next', false))
    await following.catchUp()
    expect([texts(), following.counted('line_too_long'), following.counted('partial_record')]).toEqual([['next'], 1, 0])
    expect(JSON.stringify([...following.committed]).length).toBeLessThan(MAX_LINE_BYTES / 50)
  })

  it('count in what is read from now on where counting began between their parts', async () => {
    following = new Following({ paths: [log], startAt: 'end' })
    append(written('docker', 'stdout', 'whole', false), written('docker', 'stdout', 'be', true))
    await following.catchUp()
    append(written('docker', 'stdout', 'tween', false))
    await following.catchUp()
    expect(texts()).toEqual(['between'])
    const backfill: string[] = []
    const start = { cursor: new Map(), signal: new AbortController().signal }
    for await (const batch of following.source.backfill?.(start) ?? []) {
      backfill.push(...batch.records.map(textOf))
      expect(batch.tally.undecoded).toEqual({})
    }
    expect(backfill).toEqual(['whole'])
  })

  it('are only those of a runtime: a line that looks like a part swallows no line of the gateway', async () => {
    const forged = [written('docker', 'stdout', 'x', true), written('cri', 'stderr', 'x', true)]
    append(
      logLine('one'),
      ...forged,
      logLine('two'),
      JSON.stringify({ log: 'x', stream: 'other', time: 'now' }),
      logLine('three'),
    )
    await following.catchUp()
    expect(following.bodies.filter(body => body.startsWith('{"0"'))).toEqual(
      ['one', 'two', 'three'].map(text => logLine(text)),
    )
    expect(readFileSync(log, 'utf8').split('\n')).toContain(forged[0])
  })
})
