import type { OffenderView } from '../../../../exporter/web/page/model.ts'

/** One with everything, one of a list that is benign, one of whom nothing is known, and a network. */
export const sampleOffenders: readonly OffenderView[] = [
  {
    address: '203.0.113.50',
    signal: 'auth_failures',
    events: 431,
    synthetic: false,
    facts: {
      country: 'DE',
      system: { number: 64_500, organization: 'Example Hosting GmbH & Co. KG' },
      lists: [{ list: 'drop', verdict: 'malicious' }],
    },
  },
  {
    address: '203.0.113.50',
    signal: 'auth_lockouts',
    events: 118,
    synthetic: false,
    facts: { country: 'DE', lists: [{ list: 'scanners', verdict: 'benign' }] },
  },
  { address: '198.51.100.23', signal: 'posture_drifts', events: 9, synthetic: false, facts: { lists: [] } },
  {
    address: '2001:db8:4::/64',
    signal: 'policy_decisions',
    events: 4,
    synthetic: true,
    facts: { system: { number: 64_501 }, lists: [] },
  },
]
