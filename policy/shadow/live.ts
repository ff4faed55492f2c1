import { DAY_MS } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import type { PolicyAnswer } from '../../core/labels/policy.ts'
import { createLocalMinutes, DAY_MINUTES } from '../../core/time/local-minutes.ts'
import { createEvaluator } from '../decide/evaluator.ts'
import type { ResolvedPolicy } from '../language/resolved.ts'
import type { PolicyEvaluator } from '../model/decision.ts'
import type { AccessRequest } from '../model/request.ts'
import { requestOfFlow } from './request.ts'

/** What an event asks of a policy; undefined of one that is about neither a flow nor a sign-in at a gateway. */
export function accessRequestOf({ flow, access, actor, eventTime }: SecurityEvent): AccessRequest | undefined {
  if (flow !== undefined) return requestOfFlow(flow, actor, eventTime)
  if (access === undefined) return undefined
  const { address, addressTrusted, deviceCompliance } = actor
  const { identity } = access
  const source = address !== undefined && addressTrusted ? { address } : {}
  const known = { ...(identity !== undefined && { identity }), ...(deviceCompliance && { deviceCompliance }) }
  return requestOfFlow({ ...access, source }, known, eventTime)
}

/**
 * Decides on events as they come: by the time of each event, so that a record that is read late or again has the same
 * answer.
 */
export function createLiveDecider(policy: ResolvedPolicy): (event: SecurityEvent) => PolicyAnswer {
  const evaluatorAt = createEvaluatorsByDay(policy)
  return event => {
    const request = accessRequestOf(event)
    return request === undefined ? 'unknown' : evaluatorAt(event.eventTime).decide(request).answer
  }
}

/** An evaluator for each set of rules that have expired, made when it is first needed. */
function createEvaluatorsByDay(policy: ResolvedPolicy): (time: number) => PolicyEvaluator {
  const lastDays = [...new Set(policy.rules.flatMap(({ expires }) => (expires === undefined ? [] : [expires])))]
    .map(day => Date.parse(day) / DAY_MS)
    .toSorted((a, b) => a - b)
  const localMinutes = createLocalMinutes(policy.timeZone)
  const byExpired = new Map<number, PolicyEvaluator>()
  return time => {
    const day = lastDays.length === 0 ? 0 : Math.floor(localMinutes(time) / DAY_MINUTES)
    let expired = 0
    while (expired < lastDays.length && (lastDays[expired] as number) < day) expired += 1
    const known = byExpired.get(expired)
    if (known !== undefined) return known
    const made = createEvaluator(policy, { today: new Date(day * DAY_MS).toISOString().slice(0, 10) })
    byExpired.set(expired, made)
    return made
  }
}
