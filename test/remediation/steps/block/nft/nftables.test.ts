import { describe, expect, it } from '@jest/globals'
import { parseTarget, type Target } from '../../../../../core/net/target.ts'
import { type CommandResult, commandRunner } from '../../../../../remediation/steps/block/nft/command.ts'
import { createNftables } from '../../../../../remediation/steps/block/nft/nftables.ts'

const addresses = Array.from({ length: 64 }, (_, host) => `192.0.2.${host}`)

/** Adds 64 addresses at once; nft's answer to each script is the given one. */
async function add(answer: (script: string) => CommandResult) {
  let runs = 0
  const run = async (_: readonly string[], script: string) => {
    runs += 1
    return answer(script)
  }
  const nftables = createNftables(run, { table: 'clawtrust', priority: -10 })
  const results = await Promise.all(
    addresses.map(address =>
      nftables.upsert({ target: parseTarget(address) as Target, seconds: 60, comment: 'incident' }),
    ),
  )
  return { results, runs }
}

describe('elements of one transaction', () => {
  it('of which the kernel refuses one are all put in place but that', async () => {
    const { results } = await add(script => ({
      code: script.includes('192.0.2.7 ') ? 1 : 0,
      stdout: '',
      stderr: 'Error: refused',
    }))
    expect(results.filter(({ ok }) => !ok)).toHaveLength(1)
  })

  it('that nft does not answer fail together: each part would wait as long', async () => {
    const { results, runs } = await add(() => ({ code: -1, stdout: '', stderr: '' }))
    expect(runs).toBe(1)
    expect(new Set(results.map(({ ok, detail }) => `${ok} ${detail}`))).toEqual(new Set(['false nft did not answer']))
  })
})

it('where nft is not installed, the sentence names the program and says what to do', async () => {
  const nftables = createNftables(commandRunner(['/nowhere/nft']), { table: 'clawtrust', priority: -10 })
  const { ok, detail } = await nftables.upsert({
    target: parseTarget('192.0.2.1') as Target,
    seconds: 60,
    comment: 'incident',
  })
  expect([ok, detail]).toEqual([
    false,
    '/nowhere/nft cannot be started (ENOENT); install nftables, or set remediation.firewall.command',
  ])
})
