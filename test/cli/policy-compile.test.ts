import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { targetForms } from '../../policy/compile/registry.ts'
import { createPolicyRunner } from './run-policy.ts'
import { temporaryFolder } from './temporary-folder.ts'

const exact = `policy agents
zone agents
  members: namespace=openclaw and service-identity=agent-controller
zone databases
  members: 10.20.0.0/16
allow query
  from: zone=agents
  to: zone=databases:5432
  protocol: postgresql
`
const networks = `allow backup
  from: 10.1.0.0/16
  to: 10.2.0.0/16:22
`

const folder = temporaryFolder({
  'exact.policy': exact,
  'posture.policy': `${exact}  condition: device-posture=trusted\n`,
  'networks.policy': networks,
  'over.policy': `${networks}  expires: 2020-01-01\n`,
  'empty.policy': 'zone a\n  members: namespace=a\n',
  'wrong.policy': 'alow x\n',
  'exact.yml':
    'policy: agents\nrules:\n  - name: query\n    from: any\n    to: 10.20.0.0/16:5432\n    condition: device-posture=trusted\n',
})
const policy = createPolicyRunner(folder)
const cilium = ['compile', '--target', 'cilium', '--namespace', 'openclaw'] as const
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('clawtrust policy compile', () => {
  it.each(targetForms.map(({ name }) => name))('compiles for %s, to the same text each time', async name => {
    const args = ['compile', '--target', name, '--namespace', 'openclaw', 'networks.policy'] as const
    const file = name.startsWith('nftables') ? args : [...args.slice(0, -1), 'exact.policy']
    const first = await policy(...file)
    // A NetworkPolicy cannot compare service accounts: nothing is left.
    expect(first.code).toBe(name === 'kubernetes' ? 1 : 0)
    if (name !== 'kubernetes') expect(first.out).toContain(name.startsWith('nftables') ? 'table inet' : 'query')
    expect(await policy(...file)).toEqual(first)
  })

  it('prints what is compiled, and each loss at its rule, which the head of the result repeats', async () => {
    const { code, out, err } = await policy(...cilium, 'posture.policy')
    expect(code).toBe(0)
    expect(out).toContain('kind: CiliumNetworkPolicy')
    expect(out).toContain('namespace: openclaw')
    const loss =
      'Cilium cannot compare the condition device-posture, so that the rule is compiled without it; it can be enforced by a proxy that asks for the certificate of the device, or the pairing of devices in OpenClaw'
    expect(err).toBe(`posture.policy:6:1: warning: rule query: ${loss} [loss-wider]\n`)
    expect(out).toContain(`# Loss (wider), rule query: ${loss}.\n`)
  })

  it('shows the place of a loss in YAML too', async () => {
    const { err } = await policy('compile', '--target', 'nftables', 'exact.yml')
    expect(err).toMatch(/^exact\.yml:3:\d+: warning: rule query: nftables cannot compare/)
  })

  it('ends with 1 and writes nothing with --strict where there is a loss, else with 0', async () => {
    const { code, out, err } = await policy(...cilium, '--strict', '--out', 'strict.yaml', 'posture.policy')
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(
      /\nposture\.policy has 1 loss where it is compiled for cilium; nothing was written, because of --strict\n$/,
    )
    expect(readdirSync(folder)).not.toContain('strict.yaml')
    expect(await policy(...cilium, '--strict', 'exact.policy')).toMatchObject({ code: 0, err: '' })
  })

  it('accepts with --strict a rule between ends elsewhere, which is enforced there', async () => {
    writeFileSync(join(folder, 'both.policy'), `${exact}${networks}`)
    const { code, err } = await policy(...cilium, '--strict', 'both.policy')
    expect(code).toBe(0)
    expect(err).toContain('both.policy:10:1: note: rule backup: nothing is left of it for the workloads')
  })

  it('writes into a file as a whole, also over the result from before, and prints its path', async () => {
    writeFileSync(join(folder, 'result.yaml'), 'before')
    const { out } = await policy(...cilium, 'exact.policy')
    for (const name of ['result.yaml', 'new.yaml']) {
      expect(await policy(...cilium, '--out', name, 'exact.policy')).toEqual({ code: 0, out: `${name}\n`, err: '' })
      expect(read(name)).toBe(out)
    }
    expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])
  })

  it('writes into a folder, under the names of the policy, the namespace and the target', async () => {
    mkdirSync(join(folder, 'there'))
    expect((await policy(...cilium, '--out', 'there', 'exact.policy')).out).toBe('there/agents.openclaw.cilium.yaml\n')
    const nft = ['compile', '--target', 'nftables-staged', '--out', 'a/new/', 'networks.policy'] as const
    expect((await policy(...nft)).out).toBe('a/new/networks.nftables-staged.nft\n')
    expect(read('a/new/networks.nftables-staged.nft')).toContain('policy accept')
  })

  it('refuses a result that would deny everything, and names the namespaces of the policy', async () => {
    const { code, out, err } = await policy('compile', '--target', 'calico', '--out', 'none.yaml', 'exact.policy')
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain(
      'exact.policy allows nothing that is left for calico and the namespace default, so that the result would deny everything; nothing was written; the policy names openclaw: choose with --namespace\n',
    )
    expect(readdirSync(folder)).not.toContain('none.yaml')
    expect(await policy('compile', '--target', 'nftables', 'over.policy')).toMatchObject({ code: 1, out: '' })
    // A policy without rules says that everything is denied.
    expect(await policy('compile', '--target', 'nftables', 'empty.policy')).toMatchObject({ code: 0, err: '' })
  })

  it.each([
    [
      ['--target', 'iptables', 'exact.policy'],
      "error: option '--target <target>' argument 'iptables' is invalid. Allowed choices are cilium, cilium-staged, calico, calico-staged, kubernetes, nftables, nftables-staged.\n",
    ],
    [['exact.policy'], "error: required option '--target <target>' not specified\n"],
    [
      ['--target', 'cilium', '--namespace', 'Not_One', 'exact.policy'],
      "error: option '--namespace <name>' argument 'Not_One' is invalid. It must be the name of a namespace: lower-case letters, digits and hyphens.\n",
    ],
    [
      ['--target', 'cilium', 'none.policy'],
      'none.policy cannot be read (ENOENT); check the path and its permissions\n',
    ],
    [
      ['--target', 'nftables', '--out', 'nowhere/x.nft', 'networks.policy'],
      'nowhere/x.nft cannot be written (ENOENT); check the path, its permissions and the free space of its disk\n',
    ],
    [
      ['--target', 'nftables', '--out', '/dev/null', 'networks.policy'],
      '/dev/null is a device and not a regular file; set the path of a regular file\n',
    ],
  ])('refuses %j with a sentence, and ends with 2', async (args, sentence) => {
    expect(await policy('compile', ...args)).toEqual({ code: 2, out: '', err: sentence })
  })

  it('refuses a policy with an error, with its line', async () => {
    const { code, out, err } = await policy('compile', '--target', 'cilium', 'wrong.policy')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^wrong\.policy:1:1: error: /)
  })

  it('does not put the result in the place of the policy, by whatever name', async () => {
    symlinkSync('networks.policy', join(folder, 'link'))
    for (const out of ['networks.policy', './networks.policy', 'link']) {
      expect(await policy('compile', '--target', 'nftables', '--out', out, 'networks.policy')).toEqual({
        code: 2,
        out: '',
        err: `${out} is the policy itself; choose another path for --out\n`,
      })
    }
    expect(read('networks.policy')).toBe(networks)
  })
})
