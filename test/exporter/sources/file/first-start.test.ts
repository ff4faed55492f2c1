import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type Clock, systemClock } from '../../../../core/clock.ts'
import { createFileSource } from '../../../../exporter/sources/file/source.ts'
import type { Json } from '../../../../service/state/state.ts'

/** What happens until the first line is read, in order. */
async function beginning(cursor: ReadonlyMap<string, Json>, clock: Clock = systemClock): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'clawtrust-first-start-'))
  const abort = new AbortController()
  const happened: string[] = []
  const source = createFileSource(
    { name: 'log', paths: [join(folder, 'openclaw.log')], startAt: 'beginning' },
    { clock, logger: { warn() {} }, decodersWanted: ['line'] },
  )
  await writeFile(join(folder, 'openclaw.log'), 'a line\n')
  const committed = async () => void happened.push('committed')
  for await (const { records } of source.read({ cursor, signal: abort.signal, committed })) {
    happened.push(records.length > 0 ? 'read' : 'began')
    if (records.length > 0) abort.abort()
  }
  await rm(folder, { recursive: true })
  return happened
}

describe('the first start of a file source', () => {
  it('is in the state before any line is read', async () => {
    expect(await beginning(new Map())).toEqual(['began', 'committed', 'read'])
  })

  it('is the only one that waits for the state', async () => {
    expect(await beginning(new Map([['source', { watermark: 0 }]]))).toEqual(['began', 'read'])
  })

  it('reads after its look also where a look takes longer than the interval', async () => {
    let monotonic = 0
    const slow: Clock = { ...systemClock, monotonic: () => (monotonic += 60_000) }
    expect(await beginning(new Map(), slow)).toEqual(['began', 'committed', 'read'])
  })
})
