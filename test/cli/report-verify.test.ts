import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Command } from 'commander'
import type { CliContext } from '../../cli/context.ts'
import { runProgram } from '../../cli/program.ts'
import { reportKeygenCommand } from '../../cli/report-keygen.ts'
import { type OpenStores, reportVerifyCommand } from '../../cli/report-verify.ts'
import { readSigningKey } from '../../compliance/integrity/key-file.ts'
import { storeReport } from '../../compliance/integrity/report-folder.ts'
import { renderers } from '../../compliance/render/registry.ts'
import { renderForms } from '../../compliance/render/render-forms.ts'
import { Fault } from '../../core/errors.ts'
import { monthReport } from '../compliance/integrity/stored-reports.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({})
const root = join(folder, 'reports')

async function run(args: readonly string[], openStores: OpenStores = () => Promise.reject(new Fault('no stores'))) {
  let out = ''
  const context = {
    version: '0.3.0',
    folder,
    stdout: { write: (text: string) => (out += text) },
  } as unknown as CliContext
  const program = new Command('clawtrust')
    .exitOverride()
    .addCommand(reportVerifyCommand(context, openStores))
    .addCommand(reportKeygenCommand(context))
  const error = await program.parseAsync(args, { from: 'user' }).then(
    () => undefined,
    (cause: { code?: string; message: string }) => cause,
  )
  return { out, code: error?.code, message: error?.message }
}

beforeAll(async () => {
  await run(['keygen', '--out', 'report.key'])
  const key = await readSigningKey(join(folder, 'report.key'))
  for (const month of [10, 11]) {
    const report = monthReport(month)
    await storeReport(root, { report, files: await renderForms(report, renderers), key })
  }
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('clawtrust report keygen', () => {
  it('writes a key for its owner alone, and never overwrites one', async () => {
    expect(statSync(join(folder, 'report.key')).mode & 0o777).toBe(0o600)
    const before = readFileSync(join(folder, 'report.key'))
    expect(await run(['keygen', '--out', 'report.key'])).toMatchObject({ out: '', code: 'REPORT_KEY_UNUSABLE' })
    expect(readFileSync(join(folder, 'report.key'))).toEqual(before)
  })

  it('writes to the file of --out, which the group has too', async () => {
    let out = ''
    const stdout = { write: (text: string) => (out += text) }
    const context = { version: '0.3.0', folder, stdout, stderr: stdout } as unknown as CliContext
    expect(await runProgram(['report', 'keygen', '--out', 'group.key'], context)).toBe(0)
    expect(out).toContain(`${join(folder, 'group.key')}: written`)
  })

  it('makes a key that takes the place of another one', async () => {
    const { out, code } = await run(['keygen', '--out', 'next.key', '--replaces', 'report.key'])
    expect(code).toBeUndefined()
    expect(out).toMatch(
      /next\.key: written\n.*next\.key\.pub: written\n.*next\.key\.rotations\.json: written\nFingerprint: [0-9a-f]{64}\n/s,
    )
    expect((await readSigningKey(join(folder, 'next.key'))).rotations).toHaveLength(1)
  })
})

describe('clawtrust report verify', () => {
  it('says what was verified, and what that does not show', async () => {
    const { out, code } = await run(['verify', 'reports', '--public-key', 'report.key.pub'])
    expect(code).toBeUndefined()
    expect(out).toMatch(
      /^2026-10: verified, \d files, 3 pieces of evidence, signed by [0-9a-f]{64}\n2026-11: verified, /,
    )
    expect(out).toContain('The manifest of the newest report, 2026-11, has the hash ')
    expect(out).toContain('What this check cannot show:\n  Anyone who can write to the folder')
  })

  it('says that a key that was not given is not trusted', async () => {
    const { out, code } = await run(['verify', 'reports/2026-11'])
    expect(code).toBeUndefined()
    expect(out).toContain('The signature is valid, but no trusted key was given: anyone can make a key.')
  })

  it('names each difference, and fails', async () => {
    const file = join(root, '2026-11/controls.csv')
    const before = readFileSync(file, 'utf8')
    writeFileSync(file, before.replace('"fail"', '"pass"'))
    const { out, code, message } = await run(['verify', 'reports'])
    expect(code).toBe('REPORT_DIFFERS')
    expect(message).toBe('2 differences found in the reports.')
    expect(out).toContain('2026-11: 2 differences\n')
    expect(out).toContain(
      '  2026-11/controls.csv, nist-sp-800-53 AC-6(9) / status: report.json has another value; expected "fail", found "pass"\n',
    )
    const json = await run(['verify', 'reports', '--json'])
    expect(json.code).toBe('REPORT_DIFFERS')
    expect(JSON.parse(json.out)).toMatchObject({
      verified: false,
      reports: [
        { folder: '2026-10', problems: [] },
        { folder: '2026-11', sequence: 2, problems: [{}, { file: 'controls.csv', expected: 'fail', found: 'pass' }] },
      ],
    })
    writeFileSync(file, before)
  })

  it('asks the stores again, and says what differs and why', async () => {
    let closed = 0
    const openStores: OpenStores = async () => ({
      readAgain: async piece => ({
        store: piece.store,
        address: '',
        query: '',
        newest: null,
        count: piece.count + 1,
        value: 213,
        result: piece.id === 'failures' ? { value: 213 } : piece.result,
      }),
      close: async () => void closed++,
    })
    const { out, code, message } = await run(['verify', 'reports/2026-11', '--recheck'], openStores)
    expect(code).toBe('REPORT_DIFFERS')
    expect(message).toBe('2 pieces of evidence not confirmed by the stores.')
    expect(out).toContain('2026-11: 1 of 3 pieces of evidence are the same in the stores\n')
    expect(out).toContain(
      '  failures (Failed sign-ins that were recorded): there is more than when the report was made: documents that came late, or were added; count 3 then, 4 now; value 212 then, 213 now\n',
    )
    expect(closed).toBe(1)
  })

  it.each([
    [['verify', 'nowhere'], /nowhere cannot be read \(ENOENT\); name the folder of a report$/],
    [['verify', '.'], /reports holds no report|holds no report; name the folder of a report, or one with several$/],
  ])('refuses a folder without a report: %j', async (args, sentence) => {
    expect(await run(args)).toMatchObject({ code: 'USAGE', message: expect.stringMatching(sentence) })
  })
})
