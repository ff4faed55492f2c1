import { DAY_MS } from '../../core/clock.ts'
import { isExpired } from '../decide/evaluator.ts'
import type { LintRule } from './lint-rule.ts'

const SOON_DAYS = 14

export const expiryRules = {
  'rule-expired': {
    level: 'warning',
    help: 'The last day of a rule is over: it allows nothing.',
    *find({ policy, today }) {
      for (const { name, at, expires } of policy.rules) {
        if (!isExpired({ expires }, today)) continue
        yield {
          at,
          message: `${name} expired on ${expires} and allows nothing; remove it, or give it another day after its owner has agreed`,
        }
      }
    },
  },
  'rule-expires-soon': {
    level: 'note',
    help: `The last day of a rule is within ${SOON_DAYS} days.`,
    *find({ policy, today }) {
      for (const { name, at, expires } of policy.rules) {
        if (expires === undefined || isExpired({ expires }, today)) continue
        const days = Math.round((Date.parse(expires) - Date.parse(today)) / DAY_MS)
        if (days > SOON_DAYS) continue
        const when = days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`
        yield { at, message: `${name} expires ${when}, on ${expires}; ask its owner whether it is needed longer` }
      }
    },
  },
} as const satisfies Record<string, LintRule>
