import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { parseTarget } from '../../../core/net/target.ts'
import { calico } from '../../../policy/compile/calico/target.ts'
import { cilium } from '../../../policy/compile/cilium/target.ts'
import { describeWithCapture } from '../../requirements.ts'
import { policies } from '../arbitraries.ts'
import { clusterPolicies } from './cluster-cases.ts'
import { objectsOf } from './models/cluster.ts'

const options = { namespace: 'prod', today: '2026-11-30' }

describeWithCapture('schemas/kubernetes', 'the published schemas', folder => {
  /** RE2 reads `\PC` as JavaScript reads `\P{C}`, and Ajv does not know the format of networks. */
  const validatorOf = (file: string) => {
    const schema = readFileSync(join(folder, file), 'utf8').replaceAll('^\\\\PC*$', '^\\\\P{C}*$')
    const ajv = new Ajv({ strict: false, unicodeRegExp: true, logger: false })
    ajv.addFormat('cidr', text => text.includes('/') && parseTarget(text) !== undefined)
    return ajv.compile(JSON.parse(schema))
  }

  it.each([
    { target: cilium, isStaged: false, file: 'ciliumnetworkpolicy_v2.json' },
    { target: cilium, isStaged: true, file: 'ciliumnetworkpolicy_v2.json' },
    { target: calico, isStaged: false, file: 'networkpolicy_v3.json' },
    { target: calico, isStaged: true, file: 'stagednetworkpolicy_v3.json' },
  ])('accept what is compiled for $target.name, staged: $isStaged', ({ target, isStaged, file }) => {
    const validate = validatorOf(file)
    fc.assert(
      fc.property(fc.oneof(clusterPolicies, policies), policy => {
        for (const object of objectsOf(target.compile(policy, { ...options, isStaged }).text)) {
          expect({ isValid: validate(object), errors: validate.errors ?? [], object }).toMatchObject({ isValid: true })
        }
      }),
      { numRuns: 60 },
    )
  })

  it('refuse a network that is none, and an unknown key', () => {
    const validate = validatorOf('ciliumnetworkpolicy_v2.json')
    const withRule = (rule: object) => ({
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name: 'x' },
      spec: { endpointSelector: {}, egress: [rule] },
    })
    expect(validate(withRule({ toCIDRSet: [{ cidr: '10.0.0.0/8' }] }))).toBe(true)
    expect(validate(withRule({ toCIDRSet: [{ cidr: 'nope' }] }))).toBe(false)
    expect(validate(withRule({ toHosts: [] }))).toBe(false)
  })
})
