import { spawnSync } from 'node:child_process'
import { expect, it } from '@jest/globals'
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

withCommands('nft').it('agrees with nft', () => {
  for (const name of names) expect([name, isUnderstood(name)]).toEqual([name, true])
  for (const keyword of keywords) {
    if (!LATER.includes(keyword)) expect([keyword, isUnderstood(keyword)]).toEqual([keyword, false])
  }
})

/** Whether nft can parse what the service sends; whether it may change the kernel does not matter. */
function isUnderstood(table: string): boolean {
  const script = rulesetScript({ table, priority: -10, allowlist: [] })
  const inputs = [
    [['--check', '--file', '-'], script],
    [['--check', '--json', 'list', 'table', 'inet', table], ''],
  ] as const
  return inputs.every(([args, input]) => !spawnSync('nft', args, { input }).stderr.includes('syntax error'))
}
