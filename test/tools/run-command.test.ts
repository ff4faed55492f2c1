import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { runCommand } from '../../tools/checks/run-command.ts'

const LIMIT_MS = 60_000

describe('a command that exceeds its limit', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtrust-run-command-'))
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
    rmSync(folder, { recursive: true })
  })

  const written = async (name: string) => {
    while (!existsSync(join(folder, name))) await turn()
  }
  /** Does this when it is asked to end, and says before that it runs. */
  const run = (whenAsked: string) => {
    const script = `
      import { writeFileSync } from 'node:fs'
      setInterval(() => {}, 1_000)
      process.on('SIGTERM', () => { writeFileSync('asked', ''); ${whenAsked} })
      writeFileSync('runs', '')`
    writeFileSync(join(folder, 'waits.mjs'), script)
    return runCommand(['waits.mjs'], { limitMs: LIMIT_MS, cwd: folder })
  }

  it('is asked to end, so that it ends what it started in groups of its own, and has failed whatever its code', async () => {
    const ending = run('process.exit(0)')
    await written('runs')
    jest.advanceTimersByTime(LIMIT_MS)
    expect(await ending).toMatchObject({ ok: false, overran: true })
    expect(existsSync(join(folder, 'asked'))).toBe(true)
  })

  it('is killed where it does not end', async () => {
    const ending = run('')
    await written('runs')
    jest.advanceTimersByTime(LIMIT_MS)
    await written('asked')
    jest.advanceTimersByTime(LIMIT_MS)
    expect(await ending).toMatchObject({ ok: false, overran: true })
  })
})
