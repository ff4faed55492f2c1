import { parseArgs } from 'node:util'
import { createEvaluator } from '../../policy/decide/evaluator.ts'
import type { AccessRequest } from '../../policy/model/request.ts'
import { report } from '../metrics/report.ts'
import { mixedPolicy, mixedRequests } from './workload.ts'

/**
 * `node bench/policy/main.ts [--out FILE]`: how many requests an evaluator decides on in a second of CPU time of this process,
 * which decides on one core. The policy has 200 rules and 20 zones; the requests are distinct objects that are made before,
 * each with texts of its own, as a decoder makes them.
 */
const { values } = parseArgs({ options: { out: { type: 'string', default: 'bench/results/policy.json' } } })

const RULES = 200
/** So few that they are in the cache of the processor, as a record is that was decoded a moment before; many; and more than are remembered. */
const REQUESTS = [500, 5_000, 100_000]
/** Seconds of CPU time of one measurement; the fastest of the rounds counts, because others are of a busy machine. */
const SECONDS = 0.5
const ROUNDS = 7

const evaluator = createEvaluator(mixedPolicy(RULES), { today: '2026-11-30' })

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

function speedOf(requests: readonly AccessRequest[]): number {
  const begun = cpuSeconds()
  let decided = 0
  let taken = 0
  while (taken < SECONDS) {
    for (const request of requests) evaluator.decide(request)
    decided += requests.length
    taken = cpuSeconds() - begun
  }
  return decided / taken
}

const rows = REQUESTS.flatMap(count => Object.entries(mixedRequests(count))).map(([name, requests]) => {
  const answers = Object.groupBy(requests, request => evaluator.decide(request).answer)
  const fastest = Math.max(...Array.from({ length: ROUNDS }, () => speedOf(requests)))
  const share = (answer: 'allow' | 'deny' | 'unknown') => (answers[answer]?.length ?? 0) / requests.length
  return {
    name: `${requests.length} requests, ${name}`,
    decisionsPerSecond: Math.round(fastest),
    allow: share('allow'),
    deny: share('deny'),
    unknown: share('unknown'),
  }
})
report(values.out, rows)
for (const { name, decisionsPerSecond, allow, deny, unknown } of rows) {
  const percent = (part: number) => `${(100 * part).toFixed(0)} %`
  console.log(
    `${name}: ${decisionsPerSecond.toLocaleString('en')} decisions/s (allow ${percent(allow)}, deny ${percent(deny)}, unknown ${percent(unknown)})`,
  )
}
