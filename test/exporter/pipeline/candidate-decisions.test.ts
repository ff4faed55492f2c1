import { describe, expect, it } from '@jest/globals'
import type { SecurityEvent } from '../../../core/event.ts'
import { CandidateDecisions } from '../../../exporter/pipeline/candidate-decisions.ts'
import { createSeriesStore } from '../../../service/series/store.ts'

const flow = { source: { address: '10.0.0.1' }, destination: { address: '10.0.0.2' }, port: 443 }
const event = (fields: Partial<SecurityEvent> = {}): SecurityEvent => ({
  signal: 'policy_decisions',
  labels: { engine: 'cilium', policy: 'allow_rule', decision: 'allow', source_zone: 'agents', destination_zone: 'api' },
  outcome: 'success',
  severity: 'low',
  eventTime: 0,
  count: 3,
  gateway: 'prod',
  trustZone: 'api',
  actor: { addressTrusted: false },
  record: { source: 'hubble', id: '1' },
  flow,
  ...fields,
})

async function exposed(store: ReturnType<typeof createSeriesStore>): Promise<readonly string[]> {
  store.publish(store.changes())
  let text = ''
  for await (const slice of store.render()) text += slice
  return text.split('\n').filter(line => line.startsWith('clawtrust_policy_shadow'))
}

describe('candidate policies', () => {
  it('are counted beside each other, between the zones of the enforced decision', async () => {
    const store = createSeriesStore()
    const decisions = new CandidateDecisions(store, [
      { name: 'narrow', decide: () => 'deny' },
      { name: 'wide', decide: ({ flow }) => (flow?.port === 443 ? 'allow' : 'unknown') },
    ])
    decisions.onEvent(event(), 'live')
    decisions.onEvent(event({ count: 1 }), 'ahead')
    const zones = 'source_zone="agents",destination_zone="api"'
    expect(await exposed(store)).toEqual([
      `clawtrust_policy_shadow_decisions_total{gateway="prod",trust_zone="api",policy="narrow",decision="deny",${zones}} 4`,
      `clawtrust_policy_shadow_decisions_total{gateway="prod",trust_zone="api",policy="wide",decision="allow",${zones}} 4`,
    ])
  })

  it('decide on sign-ins at gateways, between the zone of the address and that of the event', async () => {
    const store = createSeriesStore()
    const { flow: _flow, ...signIn } = event({
      signal: 'auth_failures',
      labels: { mechanism: 'shared_secret', reason: 'token_mismatch' },
      access: { destination: { service: 'openclaw-gateway' }, sourceZone: 'internet' },
    })
    new CandidateDecisions(store, [{ name: 'narrow', decide: () => 'deny' }]).onEvent(signIn, 'live')
    expect(await exposed(store)).toEqual([
      'clawtrust_policy_shadow_decisions_total{gateway="prod",trust_zone="api",policy="narrow",decision="deny",source_zone="internet",destination_zone="api"} 3',
    ])
  })

  it('decide on nothing else, and on none of before the first start', async () => {
    const store = createSeriesStore()
    const { flow: _flow, ...withoutFlow } = event()
    const decisions = new CandidateDecisions(store, [{ name: 'narrow', decide: () => 'deny' }])
    decisions.onEvent(withoutFlow, 'live')
    decisions.onEvent(event(), 'backfill')
    expect(await exposed(store)).toEqual([])
  })
})
