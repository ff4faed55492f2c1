import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { readCandidates } from '../../cli/candidate-policies.ts'
import { resolvePolicyPaths } from '../../policy/config.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({
  'narrow.policy': 'allow from: any\n  to: 10.0.0.2:443\n',
  'named.policy': 'policy narrow\nallow from: any\n  to: any\n',
  'broken.policy': 'allow from: any\n  to: 10.0.0.2:443\n  protocl: https\n',
  'hyphens.policy': 'allow from: service\u2010identity=agent\n  to: 10.0.0.2:443\n',
  'nowhere.policy': 'allow from: zone=agents\n  to: any\n',
})
const read = (...shadow: { file: string; name?: string }[]) => readCandidates(resolvePolicyPaths({ shadow }, folder))

describe('candidate policies of the configuration', () => {
  it('are named in the configuration, else in the file, else as the file', async () => {
    const names = async (file: string, name?: string) =>
      (await read({ file, ...(name !== undefined && { name }) })).map(candidate => candidate.name)
    expect(await names('narrow.policy')).toEqual(['narrow'])
    expect(await names('named.policy')).toEqual(['narrow'])
    expect(await names('named.policy', 'wide')).toEqual(['wide'])
    expect(await read()).toEqual([])
  })

  it('have names of their own', async () => {
    await expect(read({ file: 'narrow.policy' }, { file: 'named.policy' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      key: 'policy.shadow[1].file',
      message: 'two candidate policies are named narrow; set policy.shadow[].name of one',
    })
  })

  it.each([
    ['broken.policy', 3, 'protocl'],
    ['nowhere.policy', 1, 'agents'],
  ])('with an error, as %s, are refused with line and caret', async (file, line, word) => {
    const refusal = await read({ file }).catch(error => error)
    expect(refusal).toMatchObject({ code: 'CONFIG_INVALID', key: 'policy.shadow[0].file' })
    expect(refusal.message).toContain(`${join(folder, file)}:${line}:`)
    expect(refusal.message).toContain(word)
    expect(refusal.message).toMatch(/\| +\^+/)
  })

  it('with a warning are used, and the warning is handed on with its place', async () => {
    const warnings: string[] = []
    const shadow = [{ file: 'hyphens.policy' }]
    const candidates = await readCandidates(resolvePolicyPaths({ shadow }, folder), (key, heading) =>
      warnings.push(`${key} ${heading}`),
    )
    expect(candidates).toHaveLength(1)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/^policy\.shadow\[0\]\.file \S+hyphens\.policy:1:\d+: warning: /)
  })

  it('that cannot be read are refused by their path', async () => {
    await expect(read({ file: 'absent.policy' })).rejects.toMatchObject({ code: 'CONFIG_UNREADABLE' })
  })
})
