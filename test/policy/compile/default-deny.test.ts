import { describe, expect, it } from '@jest/globals'
import { cilium } from '../../../policy/compile/cilium/target.ts'
import type { ResolvedPolicy } from '../../../policy/language/resolved.ts'
import { any, label, namespace, network, policy, rule, tcp, to, zone, zoneOf } from '../fixtures.ts'
import type { ClusterPeer, Connection } from './models/cluster.ts'
import { modelled } from './models/registry.ts'

const options = { isStaged: false, namespace: 'prod', today: '2026-11-30' }

const workload = (tier: string, where = 'prod'): ClusterPeer => ({
  address: '10.244.1.1',
  namespace: where,
  serviceAccount: 'x',
  labels: { tier },
})
const outside: ClusterPeer = { address: '203.0.113.9', name: 'none.test' }

const https = (source: ClusterPeer, destination: ClusterPeer): Connection => ({
  source,
  destination,
  transport: 'tcp',
  port: 443,
  isMutuallyAuthenticated: false,
})

describe.each(modelled.filter(({ target }) => target.isNamespaced))(
  'what is compiled for $target.name',
  ({ target, model }) => {
    const compiled = (one: ResolvedPolicy) => model(target.compile(one, options).text)

    it('denies workloads of the namespace everything in both directions where there is no rule, and no others anything', () => {
      const allows = compiled(policy({}))
      expect(allows(https(workload('front'), outside))).toBe(false)
      expect(allows(https(outside, workload('front')))).toBe(false)
      expect(allows(https(workload('front'), workload('back')))).toBe(false)
      expect(allows(https(workload('front', 'ops'), outside))).toBe(true)
    })

    it('opens by a rule of one direction nothing of the other one', () => {
      const allows = compiled(
        policy({ rules: [rule('out', [[label('tier', 'front')]], [to([network('203.0.113.0/24')], tcp(443))])] }),
      )
      expect(allows(https(workload('front'), outside))).toBe(true)
      expect(allows(https(outside, workload('front')))).toBe(false)
      expect(allows(https(workload('back'), outside))).toBe(false)
    })

    it('needs a rule at both ends of a connection within the namespace', () => {
      const allows = compiled(
        policy({ rules: [rule('in', [[label('tier', 'front')]], [to([label('tier', 'back')], tcp(443))])] }),
      )
      expect(allows(https(workload('front'), workload('back')))).toBe(true)
      expect(allows(https(workload('back'), workload('front')))).toBe(false)
    })

    it('means workloads of every namespace where a rule names none, and of the named one alone otherwise', () => {
      const from = (...terms: Parameters<typeof to>[0]) =>
        compiled(policy({ rules: [rule('in', [terms], [to([namespace('prod')], tcp(443))])] }))
      expect(from(label('tier', 'front'))(https(workload('front', 'ops'), workload('back')))).toBe(true)
      expect(from(label('tier', 'front'), namespace('data'))(https(workload('front', 'ops'), workload('back')))).toBe(
        false,
      )
    })

    it('has the object that denies beside a rule of any name', () => {
      const { text } = target.compile(
        policy({ rules: [rule('default-deny', [[any]], [to([namespace('prod')])])] }),
        options,
      )
      const names = [...text.matchAll(/^ {2}name: (.*)$/gm)].map(([, name]) => name)
      expect(new Set(names).size).toBe(names.length)
    })

    it('takes no workload for a host outside of the cluster where a zone is every other address', () => {
      const zones = [zoneOf('front', [label('tier', 'front')]), zoneOf('internet', [network('0.0.0.0/0')])]
      const one = policy({ zones, rules: [rule('out', [[namespace('prod')]], [to([zone(1)], tcp(443))])] })
      expect(compiled(one)(https(workload('back'), workload('front')))).toBe(false)
      const { losses } = target.compile(one, options)
      expect(losses.map(({ direction }) => direction)).toEqual(target === cilium ? [] : ['narrower', 'narrower'])
    })
  },
)
