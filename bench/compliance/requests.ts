import { type EvidenceRequest, evidenceSchema } from '../../compliance/evidence/registry.ts'
import { signalNames } from '../../core/signals.ts'

export const INDEX = 'clawtrust-bench-evidence-*'

const datasets = ['keycloak', 'proxy', 'gateway', 'firewall'] as const
const failed = { term: { 'event.outcome': 'failure' } }

/** One test for each of sixty controls: what catalogues ask for, most of it of documents. */
export const requests: readonly EvidenceRequest[] = [
  ...datasets.flatMap(dataset => {
    const about = { from: 'documents', index: INDEX, among: { term: { 'event.dataset': dataset } } }
    return [
      { ...about },
      { ...about, query: failed },
      { ...about, query: failed, zone_field: 'labels.trust_zone' },
      { ...about, query: failed, measure: 'share' },
      { ...about, query: failed, measure: 'distinct', field: 'user.name' },
      { ...about, query: failed, measure: 'distinct', field: 'source.ip' },
      { ...about, query: { bool: { filter: [failed, { term: { 'event.action': 'login' } }] } } },
      { ...about, query: { bool: { must_not: { term: { 'labels.trust_zone': 'analytics' } } } }, measure: 'share' },
      { ...about, query: { terms: { 'event.action': ['grant', 'revoke'] } } },
      { ...about, query: { range: { 'http.response.status_code': { gte: 500 } } } },
    ]
  }),
  ...signalNames.map(signal => ({ from: 'metric', signal })),
  { from: 'metric', metric: 'load', measure: 'maximum' },
  { from: 'metric', metric: 'load', measure: 'average' },
  { from: 'metric', metric: 'clawtrust_guard_up', measure: 'share', below: 1 },
  { from: 'metric', metric: 'clawtrust_posture_findings', measure: 'last' },
  { from: 'metric', metric: 'batch_errors_total', measure: 'increase' },
  { from: 'alerts', alertname: 'ClawtrustAnomalyCritical' },
  { from: 'alerts', alertname: 'ClawtrustAnomalyCritical', measure: 'seconds' },
  { from: 'coverage', observer: 'gateway' },
  { from: 'coverage', observer: 'identity-provider' },
  { from: 'coverage', measure: 'longest_gap' },
  { from: 'coverage', measure: 'missing' },
].map(request => evidenceSchema.parse(request))
