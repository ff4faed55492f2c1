import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import { readPolicy } from '../../../policy/language/read.ts'
import type { ResolvedPolicy } from '../../../policy/language/resolved.ts'
import { endWords } from '../../../policy/shadow/end-words.ts'
import { FlowHistory } from '../../../policy/shadow/history.ts'
import { Replay } from '../../../policy/shadow/replay.ts'
import { shadowReport } from '../../../policy/shadow/report.ts'
import type { FlowFinding, ShadowReport } from '../../../policy/shadow/report-model.ts'
import { createTimeSlices } from '../../../policy/shadow/time-slices.ts'
import { SINCE, seededPolicy, UNTIL } from './seeded-history.ts'

export const minimum = { days: 7, events: 1_000, unknownPercent: 0 }

/** The policy of a text. @throws Error where it has an error */
export function policyOf(text: string, name = 'test'): ResolvedPolicy {
  const { resolved, problems } = readPolicy(text, name, 'text')
  const errors = problems.filter(({ level }) => level === 'error')
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'))
  return resolved
}

interface Replaying {
  readonly candidate?: ResolvedPolicy
  readonly against?: ResolvedPolicy
  readonly needed?: typeof minimum
}

/** The report of lines of a log. */
export function replayed(
  lines: readonly string[],
  { candidate = policyOf(seededPolicy), against, needed = minimum }: Replaying = {},
): ShadowReport {
  const window = { since: SINCE, until: UNTIL }
  const policies = against === undefined ? [candidate] : [candidate, against]
  const history = new FlowHistory(window, createTimeSlices(policies, window))
  const replay = new Replay(history, 'logs')
  const { decode } = createDispatcher(dialects, { withAccess: true })
  for (const [number, body] of lines.entries()) replay.add(decode({ id: String(number), body }), () => `log:${number}`)
  replay.end()
  return shadowReport(history, { candidate, against, minimum: needed })
}

/** What a report found, in the form of the truth. */
export function found({ changes, unknown, totals, unusedRules }: ShadowReport) {
  const few = ({ source, destination, port, events }: FlowFinding) => {
    return { source: endWords(source), destination: endWords(destination), port, events }
  }
  return {
    newlyDenied: changes.denied.map(few).sort((a, b) => a.events - b.events),
    newlyAllowed: changes.allowed.map(few),
    stillDenied: changes.stillDenied,
    unknown: unknown.map(({ missing, flows, events }) => ({ missing, flows, events })),
    allow: totals.allow,
    unusedRules,
  }
}

/** Where records are differs between two stores of the same records. */
export function withoutSamples(report: ShadowReport): unknown {
  return JSON.parse(JSON.stringify(report, (key, value) => (key === 'samples' ? undefined : value)))
}
