import { after, before, type Edit, type Place, type Recipe } from './recipe.ts'

const signals = 'core/signals.ts'
const observation = 'exporter/pipeline/observation.ts'
const handshake = 'decoding/dialects/openclaw-log/templates/handshake.ts'
const own = 'test/core/signals.test.ts'
const alertName = 'ClawtrustTokenReplays'

/** The members that have no default. */
const required = `    trustZone: 'agent-control',
    reason: ({ mechanism }) => mechanism,
    dashboard: 'authentication',
    severity: 'high',
    tier: 'full',
`
const definition = after(
  signals,
  "    derivedFrom: ['auth_successes'],\n  },\n",
  `  token_replays: {
    metric: 'clawtrust_token_replays_total',
    help: 'One-time tokens that were presented again after they had been used.',
${required}    labels: { mechanism: mechanisms },
    family: 'authentication',
    principles: ['authentication'],
    components: ['identity'],
    controls: ['IA-2', 'IA-5', 'SI-4'],
  },
`,
)
const observed = after(observation, "  first_seen_successes: 'presence',\n", "  token_replays: 'attempt',\n")
const fixtureLine = after(
  'test/fixtures/openclaw/synthetic-lines.jsonl',
  '{"template": "log-size-cap", "subsystem": "logging", "level": "WARN", "text": "log file size cap reached; suppressing writes file=/tmp/openclaw/openclaw-2026-03-31.log maxFileBytes=524288000", "expected": "lost 1"}\n',
  '{"template": "bootstrap-token-replayed", "subsystem": "gateway/ws", "level": "INFO", "text": "bootstrap token used again conn=3f0c9a52-7a41-4a53-9d0e-52f0c1a7b001", "expected": "token_replays bootstrap_token"}\n',
)
const prefilterText = after(
  'decoding/dialects/openclaw-log/prefilter.ts',
  "  'user connected',\n",
  "  'token used again',\n",
)
const panel = before(
  'dashboards/definitions/authentication.ts',
  "    {\n      kind: 'lines',\n      title: 'Sprays and first-seen successes',\n",
  `    {
      kind: 'lines',
      title: 'Token replays by mechanism',
      description: 'One-time tokens per minute that were presented again. Any is a copied token or a broken client.',
      unit: 'cpm',
      span: 24,
      queries: [{ expr: eventsPerMinute('token_replays', 'mechanism'), legend: '{{mechanism}}' }],
    },
`,
)
const alert = before(
  'alert-rules/groups/authentication.ts',
  "    {\n      alert: 'ClawtrustFirstSeenSuccess',\n",
  `    {
      alert: '${alertName}',
      expr: \`\${greatest('gateway, trust_zone, mechanism', grown('clawtrust_token_replays_total', '15m'))} > 0\`,
      severity: 'warning',
      summary: 'A used token was presented again.',
      description: \`\${count} tokens by {{ $labels.mechanism }} were presented again after they had been used, in 15 minutes \${place}. Find out who used the token first, and remove that device if it is unknown.\`,
      controls: ['IA-2', 'IA-5', 'SI-4'],
    },
`,
)
const scenario = before(
  'test/alert-rules/scenarios.ts',
  "  counter('ClawtrustFirstSeenSuccess',",
  `  counter(
    '${alertName}',
    'clawtrust_token_replays_total',
    at({ mechanism: 'bootstrap_token' }),
    {},
    [0, 1],
    15,
    '15',
  ),
`,
)
const shared = after(
  'exporter/pipeline/authority.ts',
  "      { engine: ['openclaw-tools'], policy: ['before_tool_call', 'plugin_approval'] },\n    ],\n  },\n",
  '  token_replays: {},\n',
)
/** What the type check names then. */
const authorities: readonly Edit[] = [
  after('exporter/config.ts', "  policy_decisions: 'file-log',\n", "  token_replays: 'file-log',\n"),
  after(
    'exporter/config.ts',
    "  policy_decisions: authority('policy_decisions'),\n",
    "  token_replays: authority('token_replays'),\n",
  ),
  ...(
    [
      ['test/exporter/pipeline/fixtures.ts', '  '],
      ['test/stack/exactness/stories.test.ts', '    '],
      ['test/stack/state/exporter.child.ts', '    '],
      ['bench/anomaly/memory.child.ts', '      '],
    ] as const
  ).map(([file, indent]) => ({
    file,
    find: "policy_decisions: 'file-log',",
    put: `policy_decisions: 'file-log',\n${indent}token_replays: 'file-log',`,
  })),
]
const sentence: Edit = {
  file: 'test/core/config/invalid/unknown-signal-in-a-rule.yml',
  find: '"first_seen_successes", but',
  put: '"first_seen_successes", "token_replays", but',
}

const leftOut = (edit: Edit, fails: Place['fails']): Place => ({ omits: [{ edit }], fails })
const decisive = (edit: Edit, fails: Place['fails']): Place => ({ ...leftOut(edit, fails), isDecisive: true })

export const signal: Recipe = {
  kind: 'signal',
  member: 'token_replays',
  called: ['token_replays', 'ClawtrustTokenReplays', 'bootstrap-token-replayed'],
  edits: [
    definition,
    observed,
    // The message is made up: it stands for one of OpenClaw's source.
    before(
      handshake,
      "  {\n    id: 'host-header-origin-accepted',\n",
      `  {
    id: 'bootstrap-token-replayed',
    subsystems,
    prefix: 'bootstrap token used again conn=',
    evidence: 'source',
    moves: ['token_replays'],
    labels: ['bootstrap_token'],
    read: () => ({
      signal: 'token_replays',
      labels: { mechanism: 'bootstrap_token' },
      outcome: 'denied',
      severity: signals.token_replays.severity,
    }),
  },
`,
    ),
    fixtureLine,
    prefilterText,
    panel,
    alert,
    scenario,
    shared,
    ...authorities,
    sentence,
  ],
  passes: [],
  rows: [
    {
      forgotten: 'trust zone, reason, dashboard, tier, what it says about the actor',
      places: [
        {
          omits: [
            {
              mistake: {
                file: signals,
                find: `had been used.',\n${required}`,
                put: "had been used.',\n",
              },
            },
          ],
          fails: [{ check: 'types', file: signals, names: ['trustZone', 'reason', 'dashboard', 'tier'] }],
        },
        leftOut(observed, [{ check: 'types', file: observation, names: ['token_replays'] }]),
      ],
    },
    {
      forgotten: 'the panel',
      places: [
        decisive(panel, [
          {
            check: own,
            test: 'the signal token_replays has a panel in the dashboard that its definition names',
            names: [],
          },
        ]),
      ],
    },
    {
      forgotten: 'the alert, and the reason for none',
      places: [
        decisive(alert, [
          {
            check: own,
            test: 'the signal token_replays has an alert that watches it, or a reason for none',
            names: [],
          },
        ]),
      ],
    },
    {
      forgotten: 'the runbook, the scenario',
      places: [
        {
          omits: [{ added: `docs/runbooks/${alertName}.md` }],
          fails: [
            {
              check: 'test/alert-rules/runbooks.test.ts',
              test: 'there is a runbook for each alert, and no other',
              names: [alertName],
            },
          ],
        },
        leftOut(scenario, [
          { check: 'test/alert-rules/promtool.test.ts', test: 'are there for every alert, once', names: [alertName] },
        ]),
      ],
    },
    {
      forgotten: 'the fixture line',
      places: [
        decisive(fixtureLine, [
          {
            check: 'test/decoding/dialects/openclaw-log/templates/catalogue.test.ts',
            test: 'has a synthetic line for every template that was read in the source only',
            names: ['bootstrap-token-replayed'],
          },
        ]),
      ],
    },
    {
      forgotten: 'a text of the prefilter',
      places: [
        leftOut(prefilterText, [
          {
            check: 'test/decoding/contract.test.ts',
            test: 'dialect openclaw-file loses no claim, loss or certificate by its prefilter',
            names: ['bootstrap token used again'],
          },
        ]),
      ],
    },
    {
      forgotten: 'the authoritative stream',
      places: [
        leftOut(shared, [
          {
            check: 'test/exporter/pipeline/authority.test.ts',
            test: 'counts once, by the stream that exporter/pipeline/authority.ts makes authoritative for its signal',
            names: ['token_replays'],
          },
        ]),
      ],
    },
    {
      forgotten: 'the sentence that lists every signal',
      places: [
        leftOut(sentence, [
          { check: 'test/core/config/invalid.test.ts', test: 'unknown-signal-in-a-rule.yml', names: ['token_replays'] },
        ]),
      ],
    },
    {
      forgotten: 'the pages',
      places: [
        'docs/metrics.md',
        'dashboards/json/authentication.json',
        'alert-rules/prometheus/clawtrust.rules.yml',
      ].map(stale => ({
        omits: [{ stale }],
        fails: [{ check: 'test/tools/generate.test.ts', test: `${stale} is up to date`, names: ['token_replays'] }],
      })),
    },
  ],
}
