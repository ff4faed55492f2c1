import { expect, it } from '@jest/globals'
import { commandRunner } from '../../../../../remediation/steps/block/nft/command.ts'
import { isIdentifier, keywords } from '../../../../../remediation/steps/block/nft/identifier.ts'
import { rulesetScript } from '../../../../../remediation/steps/block/nft/ruleset.ts'
import { withCommands } from '../../../../requirements.ts'

const invalid = ['', '1st', '_x', 'a-b', 'a.b', 'a b', 'a;b', 'a{', 'a\n', 'a"', '$a', 'ä', 'x'.repeat(32)]
/** Names, among them words that nftables knows only inside an expression. */
const names = ['clawtrust', 'filter', 'nat', 'input', 'state', 'gateway', 'last', 'CT', 'ct1', 'x'.repeat(31)]

it('refuses keywords of nftables and what is no identifier', () => {
  for (const text of [...keywords, ...invalid]) expect([text, isIdentifier(text)]).toEqual([text, false])
})

it('accepts names', () => {
  for (const text of names) expect([text, isIdentifier(text)]).toEqual([text, true])
})

/** Keywords of later versions than 1.0, which an earlier nft takes as names. */
const LATER = ['destroy', 'geneve', 'gre', 'gretap', 'rules', 'tunnel', 'tunnels', 'vni', 'vxlan']

withCommands('nft').describe('the keywords of nftables', () => {
  it('are those that a real nft takes for no name', async () => {
    for (const name of names) expect([name, await isUnderstood(name)]).toEqual([name, true])
    for (const keyword of keywords) {
      if (!LATER.includes(keyword)) expect([keyword, await isUnderstood(keyword)]).toEqual([keyword, false])
    }
  }, 120_000)
})

const nft = commandRunner(['nft'])

/** Whether nft can parse what the service sends; whether it may change the kernel does not matter. */
async function isUnderstood(table: string): Promise<boolean> {
  const script = rulesetScript({ table, priority: -10, allowlist: [] })
  return (
    (await isParsed(['--check', '--file', '-'], script)) &&
    (await isParsed(['--check', '--json', 'list', 'table', 'inet', table], ''))
  )
}

async function isParsed(args: readonly string[], input: string): Promise<boolean> {
  return !(await nft(args, input)).stderr.includes('syntax error')
}
