import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { FileInput } from '../../../../exporter/sources/posture/file-input.ts'
import { bodyOf, valuesOf } from '../../../../exporter/sources/posture/values.ts'
import type { Json } from '../../../../service/state/state.ts'
import { wholeLook } from './whole-look.ts'

const NOON = Date.UTC(2026, 10, 23, 12)

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clawtrust-posture-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function put(name: string, text: string, time = NOON): Promise<void> {
  await writeFile(join(folder, name), text)
  await utimes(join(folder, name), time / 1000, time / 1000)
}

const open = (path = folder, cursor = new Map<string, Json>(), now = NOON + 60_000) =>
  new FileInput({ path, maxBytes: 1_000, clock: { now: () => now } }, cursor)

describe('the files of a folder', () => {
  it('are read in whole, each once, and again when they were written again', async () => {
    await put('audit.json', '{\n  "ts": 1\n}\n')
    await put('devices.jsonl', '{"ts":2}\n{"ts":3}\n')
    const input = open()
    const { records, cursor } = await wholeLook(input)
    expect(records.map(({ id, body }) => [id, body])).toEqual([
      [`audit.json@${NOON}#0`, { ts: 1 }],
      [`devices.jsonl@${NOON}#0`, { ts: 2 }],
      [`devices.jsonl@${NOON}#1`, { ts: 3 }],
    ])
    expect((await wholeLook(input)).records).toEqual([])
    await put('audit.json', '{"ts":9}', NOON + 1_000)
    expect((await wholeLook(input)).records.map(({ body }) => body)).toEqual([{ ts: 9 }])
    const again = open(folder, new Map(cursor.map(({ key, value }) => [key, value])))
    expect((await wholeLook(again)).records).toHaveLength(1)
  })

  it('that have no time of their own have that of the file', async () => {
    await put('doctor.json', '{"findings":[]}')
    expect((await wholeLook(open())).records[0]?.body).toEqual({
      findings: [],
      '@timestamp': '2026-11-23T12:00:00.000Z',
    })
  })

  it('are forgotten in the cursor when they are gone', async () => {
    await put('audit.json', '{}')
    const input = open()
    await wholeLook(input)
    await rm(join(folder, 'audit.json'))
    expect(await wholeLook(input)).toMatchObject({ records: [], cursor: [{ key: 'audit.json', value: null }] })
  })

  it('are waited for while they are half written, and handed on as they are when they stay so', async () => {
    await put('audit.json', '{"ts":1')
    expect((await wholeLook(open(folder, new Map(), NOON + 1_000))).records).toEqual([])
    expect((await wholeLook(open())).records.map(({ body }) => body)).toEqual(['{"ts":1'])
  })

  it('that are not JSON are handed on although their time has not come', async () => {
    await put('audit.json', '{"ts":1', NOON + 86_400_000)
    expect((await wholeLook(open())).records).toHaveLength(1)
  })

  it('are left out where they are hidden or folders', async () => {
    await put('.audit.json.tmp', '{}')
    await mkdir(join(folder, 'more'))
    expect(await wholeLook(open())).toMatchObject({ records: [], trouble: expect.stringMatching(/ has no files; /) })
  })

  it('are reported where they are too large, and where there are none', async () => {
    await put('large.json', JSON.stringify('x'.repeat(2_000)))
    expect((await wholeLook(open())).trouble).toMatch(/large\.json.*(?:bytes|large)/)
    expect((await wholeLook(open(join(folder, 'nothing')))).trouble).toMatch(/cannot be read \(ENOENT\)/)
  })
})

describe('the values of an output', () => {
  it('are what was written, as one value, a list or lines', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 5 }), written => {
        const values = JSON.parse(JSON.stringify(written))
        expect(valuesOf(JSON.stringify(values, undefined, 2))).toEqual(values)
        expect(valuesOf(`\uFEFF${values.map((value: unknown) => JSON.stringify(value)).join('\n')}\n`)).toEqual(values)
      }),
    )
  })

  it.each(['', 'no', '{"a":1}\nno', '{'])('are none of %j', text => {
    expect(valuesOf(text)).toBeUndefined()
  })

  it('are the rows of a CSV of devices, without fields that are empty', () => {
    const csv =
      'device,os_version,agents,time\r\nlaptop-7,15.1,"falcond, ""x""",\r\nbuild-1,24.04,,2026-11-23T12:00:00Z\r\n'
    expect(valuesOf(csv)).toEqual([
      { device: 'laptop-7', os_version: '15.1', agents: 'falcond, "x"' },
      { device: 'build-1', os_version: '24.04', time: '2026-11-23T12:00:00Z' },
    ])
    expect(valuesOf('name,os_version\na,1\n')).toBeUndefined()
    expect(valuesOf('device,os\n"a,1\n')).toBeUndefined()
  })

  it('keep a time of their own', () => {
    for (const key of ['ts', 'time', '@timestamp', 'unixTime']) expect(bodyOf({ [key]: 1 }, NOON)).toEqual({ [key]: 1 })
    expect(bodyOf('text', NOON)).toBe('"text"')
  })
})
