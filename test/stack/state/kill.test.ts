import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { fastClock } from './fast-clock.ts'
import { connection, stories } from './lines.ts'

const KILLS = 100
const child = fileURLToPath(new URL('./exporter.child.ts', import.meta.url))

describe('an exporter that is killed at random moments', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtrust-kill-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it(`counts the truth after ${KILLS} times kill -9, and no exposed counter ever falls`, async () => {
    const log = join(folder, 'openclaw.log')
    const epoch = Date.now()
    const clock = fastClock(epoch)
    const truth = new Map<string, number>()
    const exposed = new Map<string, number>()
    const falls: string[] = []
    let written = 0
    let changedAfterStart = 0
    writeFileSync(log, '')

    const write = (connections: number) => {
      for (let index = 0; index < connections; index++) {
        const { lines, reason, failures } = connection(pick(stories), pick(['gw-a', 'gw-b']), clock.now())
        if (failures > 0) truth.set(reason, (truth.get(reason) ?? 0) + failures)
        written += lines.length
        appendTorn(log, `${lines.join('\n')}\n`)
      }
    }
    const look = (line: string) => {
      for (const [name, value] of Object.entries(JSON.parse(line) as Record<string, number>)) {
        const before = exposed.get(name) ?? 0
        if (value < before) falls.push(`${name} fell from ${before} to ${value}`)
        if (value > before) changedAfterStart += 1
        exposed.set(name, value)
      }
    }
    const failures = (reason: string) =>
      [...exposed]
        .filter(([name]) => name.startsWith('clawtrust_auth_failures_total{') && name.includes(`reason="${reason}"`))
        .reduce((sum, [, value]) => sum + value, 0)

    const records = () =>
      [...exposed]
        .filter(([name]) => /^clawtrust_(events|undecoded)_total\{/.test(name))
        .reduce((sum, [, value]) => sum + value, 0)

    for (let kill = 0; kill < KILLS; kill++) {
      let looks = 0
      const exporter = start(log, folder, epoch, line => {
        looks += 1
        look(line)
      })
      const goesOn = async (more: () => boolean) => {
        while (more()) {
          write(1 + Math.floor(Math.random() * 20))
          await pause(Math.random() * 25)
        }
      }
      // However long its start takes, it has come to its first commit before it is killed.
      await goesOn(() => looks < 2 && exporter.exitCode === null)
      const until = Date.now() + Math.random() * 350
      await goesOn(() => Date.now() < until)
      expect(exporter.exitCode).toBeNull()
      exporter.kill('SIGKILL')
      await once(exporter, 'close')
    }

    const last = start(log, folder, epoch, look)
    const deadline = Date.now() + 60_000
    const isTrue = () => [...truth].every(([reason, count]) => failures(reason) === count)
    const isRead = () => isTrue() && records() >= written
    while (!isRead() && Date.now() < deadline) await pause(50)
    // The log is read in order: where its last line counts, each line before it has counted as often as it ever will.
    write(1)
    while (!isRead() && Date.now() < deadline) await pause(50)
    last.kill('SIGKILL')
    await once(last, 'close')

    expect(falls).toEqual([])
    expect(Object.fromEntries([...truth.keys()].map(reason => [reason, failures(reason)]))).toEqual(
      Object.fromEntries(truth),
    )
    expect(records()).toBe(written)
    expect(changedAfterStart).toBeGreaterThan(KILLS)
  }, 600_000)
})

function start(log: string, folder: string, epoch: number, look: (line: string) => void) {
  const exporter = spawn(process.execPath, [child, log, join(folder, 'state'), String(epoch)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  }) satisfies ChildProcessByStdio<null, Readable, null>
  let rest = ''
  exporter.stdout.on('data', (text: Buffer) => {
    const lines = (rest + text.toString()).split('\n')
    // What a killed process had half written was never seen by anybody.
    rest = lines.pop() ?? ''
    for (const line of lines) look(line)
  })
  return exporter
}

/** Writes a text in two pieces, as a reader may meet it. */
function appendTorn(file: string, text: string): void {
  const cut = Math.floor(Math.random() * text.length)
  appendFileSync(file, text.slice(0, cut))
  appendFileSync(file, text.slice(cut))
}

function pick<T>(choices: readonly T[]): T {
  return choices[Math.floor(Math.random() * choices.length)] as T
}
