/** What a reader asks of a report, and what of the sample (test/compliance/sample-report.ts) answers it on page one. */
export const tenQuestions: readonly (readonly [question: string, answers: readonly string[]])[] = [
  ['What is covered?', ['86.4 %', '5 of 9 sources seen without a gap', 'gateway-berlin gateway seen 100 %']],
  [
    'What is not covered?',
    [
      'cilium-flows, wireguard for the whole period: No document was ever found.',
      'caddy-edge for 3 d 21 h from 2026-11-19 23:00 UTC: The shipper was stopped.',
      'read in part elasticsearch: 4 of 6 shards of',
    ],
  ],
  ['What failed?', ['3 controls fail, 2 of them newly; since 2026-09: T5; since 2026-11: T7, AC-7.']],
  ['Since when?', ['AC-7 Unsuccessful Logon Attempts Fail · high 2026-11']],
  [
    'What is unknown, and why?',
    [
      '5 controls are unknown, which is never a pass',
      'AC-4, SC-7(5), networks.segmentation (since 2026-11): no source observes the network policy',
      'T2, SC-8(1) (since 2026-10): the proxy caddy-edge was not read for 93 h',
    ],
  ],
  [
    'What changed?',
    [
      'Changes since October 2026',
      'Newly failing 2 AC-7, T7',
      'Fixed 1 IR-4(1)',
      'Failed sign-ins of the period of agent-control, from 203 to 1,188',
    ],
  ],
  ['What should be done first?', ['Open risks: what to do first', 'Close the critical findings of gateway-lyon']],
  [
    'Was anything contained, and how fast?',
    ['Incidents 23', 'Enforced 14', 'False blocks 1', 'contain 1.4 s 1 min 34 s 14', 'its hash chain was verified'],
  ],
  [
    'Which exceptions run out next?',
    [
      'expired T5 since 2026-11-20',
      'active CM-6 until 2026-12-15, Platform team',
      'active data.access until 2027-02-28',
    ],
  ],
  [
    'Can this report be trusted?',
    [
      'clawtrust report verify DIR',
      'manifest.json',
      'ed25519 signature',
      'SHA-256 of the model, report.json (RFC 8785)',
      '0c1f7c1e-3a94-5b7e-8e0f-6f1f7a4a2b90 (2026-10)',
      'Prepared by Reviewed by Approved by',
    ],
  ],
]
