import type { Command } from 'commander'

/** One example for each command, by its words; the help of the command ends with it. The program itself is ''. */
export const examples: Readonly<Record<string, string>> = {
  '': 'clawtrust exporter',
  exporter: 'clawtrust exporter --config.file /etc/clawtrust/clawtrust.yml',
  doctor: 'clawtrust doctor',
  explain: 'clawtrust explain auth_failures agent-control --at 2026-11-22T14:05:00Z',
  posture: 'clawtrust posture list',
  'posture list': 'clawtrust posture list --json',
  'posture accept': 'clawtrust posture accept gateway.trusted_proxies_missing --gateway gw-1 --for 90d --why lab',
  'posture expire': 'clawtrust posture expire gateway.trusted_proxies_missing --gateway gw-1',
  versions: 'clawtrust versions',
  'check-config': 'clawtrust check-config /etc/clawtrust/clawtrust.yml',
  elastic: 'clawtrust elastic setup',
  'elastic setup': 'clawtrust elastic setup --apply --username elastic --password-file elastic-password',
  'elastic check': 'clawtrust elastic check --config.file /etc/clawtrust/clawtrust.yml',
  deploy: 'clawtrust deploy init',
  'deploy init': 'clawtrust deploy init',
  remediation: 'clawtrust remediation --config.file /etc/clawtrust/clawtrust.yml',
  'remediation serve': 'clawtrust remediation serve --state.dir /var/lib/clawtrust',
  'remediation list': 'clawtrust remediation list blocked',
  'remediation show': 'clawtrust remediation show 84138eb320e1dac4',
  'remediation unblock': 'clawtrust remediation unblock 203.0.113.50 --for 12h',
  'remediation approve': 'clawtrust remediation approve 84138eb320e1dac4',
  'remediation reject': 'clawtrust remediation reject 84138eb320e1dac4 --for 7d',
  'remediation replay': 'clawtrust remediation replay all',
  'remediation breaker': 'clawtrust remediation breaker',
  'remediation reset-breaker': 'clawtrust remediation reset-breaker',
  'remediation verify-ledger': 'clawtrust remediation verify-ledger',
  report: 'clawtrust report --demo --out reports',
  'report serve': 'clawtrust report serve --config.file /etc/clawtrust/clawtrust.yml',
  'report redeliver': 'clawtrust report redeliver',
  'report verify': 'clawtrust report verify reports --public-key clawtrust-report.key.pub',
  'report keygen': 'clawtrust report keygen --out clawtrust-report.key',
  'report check-catalogue': 'clawtrust report check-catalogue controls/house-rules.yml controls/stricter.yml',
  policy: 'clawtrust policy lint agents.policy',
  'policy fmt': 'clawtrust policy fmt --check agents.policy',
  'policy lint': 'clawtrust policy lint --format sarif agents.policy',
  'policy convert': 'clawtrust policy convert agents.policy',
  'policy compile': 'clawtrust policy compile --target cilium --namespace openclaw agents.policy',
  'policy diff': 'clawtrust policy diff agents.policy candidate.policy',
  'policy roles': 'clawtrust policy roles --scope read:logs --identity hunter-1 agents.policy',
  'policy suggest': 'clawtrust policy suggest --since 14d --minimum-events 10',
  'policy test': 'clawtrust policy test --format junit agents.policy',
  'policy paths': 'clawtrust policy paths --from analytics agents.policy',
  'policy shadow': 'clawtrust policy shadow --policy agents.policy --since 14d',
}

/** Adds to the help of a command and of all commands in it their examples. */
export function showExamples(command: Command, words: readonly string[] = []): void {
  const example = examples[words.join(' ')]
  if (example !== undefined) command.addHelpText('after', `\nExample:\n  ${example}`)
  for (const inner of command.commands) showExamples(inner, [...words, inner.name()])
}
