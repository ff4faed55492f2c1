import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { GONE_PATIENCE_MS } from '../../../../exporter/sources/file/file-set.ts'
import { MAX_LINE_BYTES } from '../../../../exporter/sources/file/lines.ts'
import { Following, logLine, temporaryFolder } from './following.ts'

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

/** What the next look names. */
async function unended() {
  const before = following.batches.length
  await following.catchUp()
  return following.batches.slice(before).flatMap(batch => batch.unended ?? [])[0]
}

it('names a file in which no line ends after a while, not while its first line is being written', async () => {
  writeFileSync(log, logLine('one'))
  expect(await unended()).toBeUndefined()
  await following.wait(GONE_PATIENCE_MS - 5_000)
  appendFileSync(log, logLine('still the same line'))
  expect(await unended()).toBeUndefined()
  await following.wait(GONE_PATIENCE_MS)
  expect(await unended()).toEqual({ place: { kind: 'file', name: log }, hasCarriageReturns: false })
  appendFileSync(log, '\n')
  expect(await unended()).toBeUndefined()
  expect(following.bodies).toHaveLength(1)
})

it('says where carriage returns end the lines', async () => {
  writeFileSync(log, `${logLine('one')}\r${logLine('two')}\r`)
  await following.catchUp()
  await following.wait(GONE_PATIENCE_MS)
  expect(await unended()).toMatchObject({ hasCarriageReturns: true })
})

it('names a file at once where it holds more than a line may, and counts that line', async () => {
  writeFileSync(log, 'x'.repeat(2 * MAX_LINE_BYTES))
  await following.catchUp()
  expect(await unended()).toMatchObject({ place: { name: log } })
  expect(following.counted('line_too_long')).toBe(1)
  appendFileSync(log, `\n${logLine('one')}\n`)
  await following.catchUp()
  expect(await unended()).toBeUndefined()
  expect(following.bodies).toEqual([logLine('one')])
})

it('names no file that is empty, nor one whose last line does not end', async () => {
  writeFileSync(join(folder.path, 'empty.log'), '')
  writeFileSync(log, `${logLine('one')}\n${logLine('two')}`)
  following = new Following({ paths: [join(folder.path, '*.log')] })
  await following.catchUp()
  await following.wait(GONE_PATIENCE_MS)
  expect(await unended()).toBeUndefined()
})
