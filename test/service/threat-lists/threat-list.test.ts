import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { DAY_MS } from '../../../core/clock.ts'
import { parseTarget, type Target } from '../../../core/net/target.ts'
import { createLogger } from '../../../service/log/logger.ts'
import { threatListSchema } from '../../../service/threat-lists/config.ts'
import { ThreatList } from '../../../service/threat-lists/threat-list.ts'
import { read, repositoryFiles } from '../../structure/source-files.ts'

const target = (text: string) => parseTarget(text) as Target

let file: string
let folder: string
const clock = { time: 0, now: () => clock.time, monotonic: () => 0 }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawtrust-list-'))
  file = join(folder, 'list.txt')
  clock.time = Date.parse('2026-11-24T00:00:00Z')
})

afterEach(() => rmSync(folder, { recursive: true }))

const list = () =>
  new ThreatList(threatListSchema.parse({ name: 'drop', file }), clock, createLogger({ destination: { write() {} } }))

function write(text: string): void {
  writeFileSync(file, text)
  utimesSync(file, clock.time / 1_000, clock.time / 1_000)
}

describe('a threat list', () => {
  it('has no networks before it was read, and none once it is older than its limit', async () => {
    write('198.51.100.7\n')
    const drop = list()
    expect(drop.networks).toBeUndefined()
    await drop.refresh()
    expect(drop.networks?.covering(target('198.51.100.7'))).toMatchObject({ text: '198.51.100.7' })
    clock.time += 2 * DAY_MS + 1_000
    expect(drop.networks).toBeUndefined()
  })

  it('gives the same networks until its file was read again', async () => {
    write('198.51.100.7\n')
    const drop = list()
    await drop.refresh()
    const first = drop.networks
    await drop.refresh()
    expect(drop.networks).toBe(first)
    write('198.51.100.7\n198.51.100.8\n')
    await drop.refresh()
    expect(drop.networks).not.toBe(first)
  })

  it('is read in a thread of its own, so that a large one holds up nobody', async () => {
    const parsers = repositoryFiles().filter(
      path => /^(?:service|remediation|exporter)\//.test(path) && /import \{[^}]*\bparseList\b/.test(read(path)),
    )
    expect(parsers).toEqual(['service/threat-lists/list-thread.ts'])
    const entries = Array.from({ length: 50_000 }, (_, index) => `11.${index >> 8}.${index & 255}.1`)
    write(`${entries.join('\n')}\n198.51.100.0/24\n`)
    const drop = list()
    await drop.refresh()
    expect(drop.state()).toMatchObject({ up: true, list: { entries: 50_001 } })
    expect(drop.networks?.covering(target('198.51.100.9'))).toMatchObject({ text: '198.51.100.0/24' })
  })
})
