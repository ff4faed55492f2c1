import { describe, expect, it } from '@jest/globals'
import { loadCatalogue } from '../../cli/load-catalogue.ts'
import { runProgram } from '../../cli/program.ts'
import { controlsOf } from '../../compliance/controls/catalogue.ts'
import { SMALL_FRAMEWORK } from '../compliance/controls/framework-text.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({
  'house-rules.yml': SMALL_FRAMEWORK,
  'stricter.yml': `extends: nist-sp-800-53
parameters:
  - { id: ac-07_odp.01, title: failed sign-ins, value: 3, replaces: Policy 4.2 asks for three }
`,
  'wrong.yml':
    'extends: nist-sp-800-53\ncontrols:\n  - { id: AC-7, title: Sign-ins, pillar: identity, manual: Look. }\n',
  'odd\u001b[31m.yml': SMALL_FRAMEWORK,
})

async function check(...files: readonly string[]) {
  let [out, err] = ['', '']
  const unused = () => {
    throw new Error('not expected')
  }
  const code = await runProgram(['report', 'check-catalogue', ...files], {
    version: '1.2.3',
    folder,
    logFolders: [],
    stdout: { write: text => (out += text) },
    stderr: { write: text => (err += text) },
    process: { on: unused, off: unused, exit: unused },
    createExporter: unused,
    createRemediation: unused,
    user: 'alice',
    checkWebConfig: unused,
  })
  return { code, out, err }
}

describe('clawtrust report check-catalogue', () => {
  it('shows the frameworks, and what a file replaces with its reason', async () => {
    const { code, out, err } = await check('house-rules.yml', 'stricter.yml')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out.split('\n')).toEqual([
      'house-rules.yml: ok',
      'stricter.yml: ok',
      expect.stringMatching(/^nist-sp-800-207: 7 controls, \d+ tests, 0 manual \(nist-sp-800-207\.yml\)$/),
      expect.stringMatching(
        /^nist-sp-800-53: \d+ controls, \d+ tests, \d+ manual \(nist-sp-800-53\.yml, stricter\.yml\)$/,
      ),
      '  parameter ac-07_odp.01 is replaced in stricter.yml:3: Policy 4.2 asks for three',
      expect.stringMatching(/^cisa-ztmm-2: \d+ controls, \d+ tests, \d+ manual \(cisa-ztmm-2\.yml\)$/),
      'house-rules: 1 control, 1 test, 0 manual (house-rules.yml)',
      '',
    ])
  })

  it('refuses what would be replaced silently, and ends with 2', async () => {
    expect(await check('house-rules.yml', 'wrong.yml')).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(
        /^wrong\.yml:3: controls\[0\]\.id is the id of the control at nist-sp-800-53\.yml:\d+; to replace that, add replaces: with the reason\n$/,
      ),
    })
  })

  it('says which file cannot be read', async () => {
    expect(await check('nowhere.yml')).toMatchObject({
      code: 2,
      err: 'nowhere.yml: cannot be read (ENOENT); check the path and its permissions\n',
    })
  })

  it('shows control characters of a name as what they are', async () => {
    const { out } = await check('odd\u001b[31m.yml')
    expect(out).not.toContain('\u001b')
  })

  it('needs a file', async () => {
    expect(await check()).toMatchObject({ code: 2, err: expect.stringContaining("missing required argument 'files'") })
  })
})

it('a catalogue that was loaded stays as it is where a file is wrong later', async () => {
  const loaded = await loadCatalogue(['stricter.yml'], folder)
  const before = JSON.stringify(loaded)
  await expect(loadCatalogue(['wrong.yml'], folder)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  expect(JSON.stringify(loaded)).toBe(before)
  expect(
    controlsOf(loaded)
      .find(({ id }) => id === 'AC-7')
      ?.tests.map(({ threshold }) => threshold.value),
  ).toContain(3)
})
