import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../../../decoding/dispatch.ts'
import { dialects } from '../../../../../decoding/registry.ts'
import type { DecodedLine, DecodedLines } from '../../../../../exporter/contracts/lines-decoding.ts'
import { createLinesDecoder } from '../../../../../exporter/sources/file/decoding/decode-lines.ts'
import {
  DecodingThread,
  type DecodingThreadOptions,
} from '../../../../../exporter/sources/file/decoding/decoding-thread.ts'
import { readCapturedLines } from '../../../../../exporter/sources/recording/captured-lines.ts'
import { Following, temporaryFolder } from '../following.ts'

const dispatcher = createDispatcher(dialects)

/** A chunk in memory that a thread can see. */
function shared(text: string): Buffer {
  const bytes = Buffer.from(text)
  const memory = Buffer.from(new SharedArrayBuffer(bytes.length))
  bytes.copy(memory)
  return memory
}

function decodedHere(chunk: Buffer) {
  const lines: DecodedLine[] = []
  const passed = createLinesDecoder(dialects)(chunk, (start, decoded) => lines.push({ start, decoded }))
  return { lines, ...passed }
}

describe('the decoding thread', () => {
  const captured = shared(`${readCapturedLines().join('\n')}\n`)
  let warnings: string[]
  let threads: DecodingThread[]
  let folder: ReturnType<typeof temporaryFolder>

  beforeEach(() => {
    warnings = []
    threads = []
    folder = temporaryFolder()
  })

  afterEach(async () => {
    for (const thread of threads) await thread.end()
    folder.remove()
  })

  function threadOf(options: Partial<DecodingThreadOptions> = {}): DecodingThread {
    const thread = new DecodingThread({
      cores: 2,
      logger: { warn: message => void warnings.push(message) },
      ...options,
    })
    threads.push(thread)
    return thread
  }

  /** Asks until the thread takes a chunk. */
  async function taken(thread: DecodingThread, chunk: Buffer) {
    for (;;) {
      const decoded = thread.decode(chunk)
      if (decoded !== undefined) return decoded
      await breathe()
    }
  }

  it('makes of lines what the decoders make of them here, chunk after chunk', async () => {
    const thread = threadOf()
    const first = taken(thread, captured)
    expect(await first).toEqual(decodedHere(captured))
    const other = shared(`noise\n${readCapturedLines()[14]}\n`)
    const answers = [thread.decode(other), thread.decode(captured), thread.decode(other)]
    expect(await Promise.all(answers)).toEqual([other, captured, other].map(decodedHere))
  })

  it('gives a chunk back that it has not begun, and goes on in order', async () => {
    const thread = threadOf()
    await taken(thread, captured)
    const asked = Array.from({ length: 3 }, () => thread.decode(captured) as Promise<DecodedLines>)
    const settled = Promise.allSettled(asked)
    // In one turn with the questions: the thread has begun one of them at most, the first.
    expect(thread.takeBack(asked[2] as Promise<DecodedLines>)).toBe(true)
    expect(thread.takeBack(asked[2] as Promise<DecodedLines>)).toBe(false)
    const [first, second, third] = await settled
    expect([first?.status, second?.status, third?.status]).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect(thread.takeBack(asked[0] as Promise<DecodedLines>)).toBe(false)
    expect(await thread.decode(captured)).toEqual(decodedHere(captured))
    expect(warnings).toEqual([])
  })

  it('is not started on one core, nor for memory that it cannot see', () => {
    expect(threadOf({ cores: 1 }).decode(captured)).toBeUndefined()
    expect(threadOf().decode(Buffer.from('{}\n'))).toBeUndefined()
  })

  it('leaves decoding to the caller when it has ended, and says so once', async () => {
    const script = join(folder.path, 'failing.mjs')
    appendFileSync(
      script,
      `import { parentPort } from 'node:worker_threads'
       parentPort.on('message', () => { throw new Error('out of order') })
       parentPort.postMessage('ready')`,
    )
    const thread = threadOf({ script: pathToFileURL(script) })
    await expect(taken(thread, captured)).rejects.toThrow('has ended')
    expect(thread.decode(captured)).toBeUndefined()
    expect(warnings).toEqual(['The decoding thread ended: unexpected error; lines are decoded in the main thread.'])
  })

  it('gives back what it was asked for when it is ended', async () => {
    const thread = threadOf()
    await taken(thread, captured)
    const decoded = expect(thread.decode(captured)).rejects.toThrow('has ended')
    await thread.end()
    await decoded
    expect(thread.decode(captured)).toBeUndefined()
  })

  it('brings the same records of a file as decoding them here', async () => {
    const log = join(folder.path, 'openclaw.log')
    const text = `${readCapturedLines().join('\n')}\n`
    appendFileSync(log, text.repeat(Math.ceil((6 * 2 ** 20) / text.length)))
    const wanted = dispatcher.prefilter as readonly string[]
    const thread = threadOf()
    await taken(thread, captured)
    const elsewhere = new Following({ paths: [log] }, wanted, { decoding: thread })
    const here = new Following({ paths: [log] }, wanted)
    await elsewhere.catchUp()
    await here.catchUp()
    const records = elsewhere.batches.flatMap(batch => batch.records)
    // How many depends on which of both threads is the faster one.
    expect(records.filter(({ decoded }) => decoded !== undefined).length).toBeGreaterThan(0)
    const understood = (following: Following) =>
      following.batches.map(({ records, tally, cursor, watermark }) => ({
        tally,
        cursor,
        watermark,
        records: records.map(record => ({ id: record.id, decoded: record.decoded ?? dispatcher.decode(record) })),
      }))
    expect(understood(elsewhere)).toEqual(understood(here))
    await elsewhere.stop()
    await here.stop()
  })
})
