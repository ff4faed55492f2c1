import type { TextMatcher } from '../../core/trust-zones.ts'
import type { Playbook } from '../domain/playbook.ts'

export type Labels = Readonly<Record<string, string>>

/** The label by which a rule calls a playbook. */
const PLAYBOOK_LABEL = 'playbook'

/** The first playbook that an alert with these labels calls. A rule that names a playbook calls no other. */
export function playbookFor(labels: Labels, playbooks: readonly Playbook[]): Playbook | undefined {
  return playbooks.find(({ name, match }) => {
    const wanted = Object.entries(match)
    if (wanted.length === 0) return labels[PLAYBOOK_LABEL] === name
    return wanted.every(([label, matchers]) => matchers.some(matcher => matches(labels[label], matcher)))
  })
}

/** The labels by which playbooks are called, and those that hold their targets. */
export function usedLabels(playbooks: readonly Playbook[]): ReadonlySet<string> {
  return new Set([
    PLAYBOOK_LABEL,
    ...playbooks.flatMap(({ match, targetLabel }) => [targetLabel, ...Object.keys(match)]),
  ])
}

function matches(value: string | undefined, matcher: TextMatcher): boolean {
  if (value === undefined) return false
  return typeof matcher === 'string' ? value === matcher : matcher.test(value)
}
