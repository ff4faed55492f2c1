import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { runCheck } from '../../tools/checks/run-check.ts'

describe('a check that counts its own tests', () => {
  let folder: string
  const check = (script: string) => {
    writeFileSync(join(folder, 'tests.mjs'), script)
    return runCheck({ kind: 'tally', name: 'tests', args: ['tests.mjs'], cwd: folder, limitMinutes: 1 })
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtrust-run-check-'))
  })

  afterEach(() => rmSync(folder, { recursive: true }))

  it('leaves nothing in the folder for temporary files', async () => {
    const { tally } = await check(`
      import { mkdtempSync, writeFileSync } from 'node:fs'
      import { tmpdir } from 'node:os'
      writeFileSync('left', mkdtempSync(tmpdir() + '/left-'))
      writeFileSync(process.argv[2].replace('--tally=', ''), JSON.stringify({ passed: 3, failed: 0, skips: [] }))`)
    expect(tally.passed).toBe(3)
    expect(existsSync(readFileSync(join(folder, 'left'), 'utf8'))).toBe(false)
  })

  it('leaves nothing in the folder for databases, where other users can enter', async () => {
    const { tally } = await check(`
      import { mkdtempSync, statSync, writeFileSync } from 'node:fs'
      const folder = process.env.CLAWTRUST_DATABASE_FOLDER
      if ((statSync(folder).mode & 0o777) !== 0o755) process.exit(1)
      writeFileSync('left', mkdtempSync(folder + '/left-'))
      writeFileSync(process.argv[2].replace('--tally=', ''), JSON.stringify({ passed: 3, failed: 0, skips: [] }))`)
    expect(tally).toMatchObject({ passed: 3, failed: 0 })
    expect(existsSync(readFileSync(join(folder, 'left'), 'utf8'))).toBe(false)
  })

  it('has failed once where it ended without results', async () => {
    expect((await check('process.exit(0)')).tally).toMatchObject({ passed: 0, failed: 1 })
  })

  it('has failed once where it failed while all that it counted passed', async () => {
    const { tally } = await check(`
      import { writeFileSync } from 'node:fs'
      writeFileSync(process.argv[2].replace('--tally=', ''), JSON.stringify({ passed: 3, failed: 0, skips: [] }))
      process.exit(1)`)
    expect(tally).toMatchObject({ passed: 3, failed: 1 })
  })
})
