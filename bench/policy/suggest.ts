import { parseArgs } from 'node:util'
import { pick, seededRandom } from '../../core/random.ts'
import type { ObservedFlow } from '../../policy/model/observed-flow.ts'
import { suggestPolicy } from '../../policy/suggest/suggest.ts'
import { suggestionText } from '../../policy/suggest/suggestion-text.ts'
import { report } from '../metrics/report.ts'
import { mixedRequests } from './workload.ts'

/**
 * `node bench/policy/suggest.ts [--out FILE]`: milliseconds of CPU time, of all threads of this process, for a policy of 5,000
 * distinct flows, with its text: the first time, when nothing is compiled, and the fastest of the rounds.
 */
const { values } = parseArgs({ options: { out: { type: 'string', default: 'bench/results/policy-suggest.json' } } })

const FLOWS = 5_000
const ROUNDS = 10
const START = Date.UTC(2026, 10, 1)

/** One of twenty was denied: what it is like is taken back from wider rules. */
function observed(requests: readonly ObservedFlow['request'][]): readonly ObservedFlow[] {
  const random = seededRandom(5)
  return requests.map((request, index) => {
    const isDenied = random() < 0.05
    const events = pick(random, [1, 10, 100, 10_000])
    return {
      request,
      firstSeen: START + index,
      lastSeen: START + index + 1_000_000,
      passed: isDenied ? 0 : events,
      denied: isDenied ? events : 0,
      samples: [`flows-1/${index}`],
    }
  })
}

function milliseconds(work: () => unknown): number {
  const { user, system } = process.cpuUsage()
  work()
  const after = process.cpuUsage()
  return (after.user + after.system - user - system) / 1_000
}

const rows = Object.entries(mixedRequests(FLOWS)).map(([name, requests]) => {
  const flows = observed(requests)
  const suggest = () => suggestPolicy(flows, { name: 'bench', minimumEvents: 2 })
  const rounds = Array.from({ length: ROUNDS }, () => milliseconds(() => suggestionText(suggest())))
  const { policy, omitted } = suggest()
  return {
    name,
    flows: flows.length,
    rules: policy.rules.length,
    leftOut: omitted.length,
    first: Math.round(rounds[0] ?? 0),
    fastest: Math.round(Math.min(...rounds)),
  }
})
report(values.out, rows)
for (const { name, rules, first, fastest } of rows) {
  console.log(`${name}: ${rules} rules in ${fastest} ms, the first time ${first} ms`)
}
