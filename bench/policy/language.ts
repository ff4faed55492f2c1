import { parseArgs } from 'node:util'
import { formatPolicy } from '../../policy/language/format.ts'
import { parsePolicy } from '../../policy/language/parse.ts'
import { readPolicy } from '../../policy/language/read.ts'
import { lintPolicy } from '../../policy/review/lint.ts'
import { report } from '../metrics/report.ts'

/**
 * `node bench/policy/language.ts [--out FILE]`: milliseconds of CPU time, of all threads of this process, for a policy of
 * 1,000,000 characters in the text form: the first time, when nothing is compiled, and the fastest of the rounds.
 */
const { values } = parseArgs({ options: { out: { type: 'string', default: 'bench/results/policy-language.json' } } })

const CHARACTERS = 1_000_000
const ROUNDS = 15

const source = policyText(CHARACTERS)
const { policy, resolved, problems } = readPolicy('allow\n  from: any\n  to: any:443\n', 'warm', 'text')
if (problems.length > 0 || policy.rules.length !== resolved.rules.length) throw new Error('the policy is not read')

function milliseconds(work: () => unknown): number {
  const { user, system } = process.cpuUsage()
  work()
  const after = process.cpuUsage()
  return (after.user + after.system - user - system) / 1_000
}

const works = {
  parse: () => parsePolicy(source, 'bench'),
  'parse and resolve': () => readPolicy(source, 'bench', 'text'),
  format: () => formatPolicy(source),
  lint: () => {
    const read = readPolicy(source, 'bench', 'text')
    return lintPolicy(read.policy, read.resolved, '2026-11-30')
  },
}

const rows = Object.entries(works).map(([name, work]) => {
  const rounds = Array.from({ length: ROUNDS }, () => milliseconds(work))
  return {
    name,
    characters: source.length,
    first: Math.round(rounds[0] ?? 0),
    fastest: Math.round(Math.min(...rounds)),
  }
})
report(values.out, rows)
for (const { name, first, fastest } of rows) console.log(`${name}: ${fastest} ms, the first time ${first} ms`)

/** Rules with all properties, of three sources and four destinations. */
function policyText(length: number): string {
  let text = 'zone agents\n  members: namespace=openclaw\n\nlist models\n  members: api.anthropic.com, 10.20.0.0/16\n'
  for (let index = 0; text.length < length; index++) {
    text += `
# rule ${index}
allow agents-to-api-${index}
  from: zone=agents, service-identity=agent-${index} and namespace=openclaw
  to: list=models:443, zone=agents:9200-9300, [2001:db8::1]:443, 10.0.0.5:8443
  protocol: https, tcp
  condition: device-posture=trusted and time=08:00-18:00 and weekday=mon-fri
  owner: platform-team
  expires: 2027-03-31
  reason: Because of ticket ${index}
`
  }
  return text
}
