import { transports } from '../../core/flow.ts'
import { createLocalMinutes } from '../../core/time/local-minutes.ts'
import type { ResolvedPolicy } from '../language/resolved.ts'
import type { PolicyDecision } from '../model/decision.ts'
import { devicePostures, weekdays } from '../model/policy.ts'
import type { AccessRequest } from '../model/request.ts'
import { createEndClasses, UNCLASSED } from './end-classes.ts'
import { createIntervals } from './intervals.ts'
import { minuteOfDay, weekdayAt } from './local-time.ts'
import type { NetworkClasses } from './network-classes.ts'

type Decide = (request: AccessRequest) => PolicyDecision

/** Of decisions, and of classes of ends. */
const CAPACITY = 16_384

/**
 * A policy distinguishes requests by the values that it names: those that are alike to it have one decision, which is made
 * once. Where there are more decisions than are remembered, all are forgotten.
 */
export function rememberDecisions(decide: Decide, policy: ResolvedPolicy, networks: NetworkClasses): Decide {
  const ends = createEndClasses(policy, networks)
  const circumstances = createCircumstances(policy)
  if (ends === undefined || CAPACITY ** 2 * circumstances.size > Number.MAX_SAFE_INTEGER) return decide

  const decisions = new Map<number, PolicyDecision>()
  /** A small number for each class of ends, so that two of them and the circumstances are one number. */
  const numbers = new Map<number, number>()
  const numberOf = (endClass: number): number => {
    const known = numbers.get(endClass)
    if (known !== undefined) return known
    const fresh = numbers.size
    numbers.set(endClass, fresh)
    return fresh
  }
  return request => {
    const source = ends.of(request.source)
    const destination = ends.of(request.destination)
    if (source === UNCLASSED || destination === UNCLASSED) return decide(request)
    if (decisions.size >= CAPACITY || numbers.size > CAPACITY - 2) {
      decisions.clear()
      numbers.clear()
    }
    const between = numberOf(source) * CAPACITY + numberOf(destination)
    const key = between * circumstances.size + circumstances.of(request)
    const known = decisions.get(key)
    if (known !== undefined) return known
    const decision = decide(request)
    decisions.set(key, decision)
    return decision
  }
}

/** Numbers what a policy distinguishes of a request beside its ends. */
function createCircumstances(policy: ResolvedPolicy) {
  const ports = createIntervals(
    policy.rules.flatMap(({ to }) => to.flatMap(one => one.ports.flatMap(({ first, last }) => [first, last + 1]))),
  )
  const times = createTimes(policy)
  return {
    size: (ports.size + 1) * (transports.length + 1) * (devicePostures.length + 1) * 3 * times.size,
    of({ port, transport, devicePosture, isMutuallyAuthenticated, time }: AccessRequest): number {
      let number = port === undefined ? 0 : 1 + ports.at(port)
      number = number * (transports.length + 1) + (transport === undefined ? 0 : 1 + transports.indexOf(transport))
      number =
        number * (devicePostures.length + 1) +
        (devicePosture === undefined ? 0 : 1 + devicePostures.indexOf(devicePosture))
      number = number * 3 + (isMutuallyAuthenticated === undefined ? 0 : isMutuallyAuthenticated ? 1 : 2)
      return number * times.size + times.of(time)
    },
  }
}

/** Numbers the times between which conditions on time and weekday change. */
function createTimes({ rules, timeZone }: ResolvedPolicy): { size: number; of(time: number | undefined): number } {
  const ofDay = new Set<number>()
  let isTimed = false
  for (const one of rules.flatMap(({ conditions }) => conditions)) {
    if (one.kind === 'time') {
      ofDay.add(one.from)
      ofDay.add(one.to)
    }
    isTimed ||= one.kind === 'time' || one.kind === 'weekday'
  }
  if (!isTimed) return { size: 1, of: () => 0 }
  const localMinutes = createLocalMinutes(timeZone)
  const parts = createIntervals(ofDay)
  return {
    size: 1 + parts.size * weekdays.length,
    of(time) {
      if (time === undefined) return 0
      const local = localMinutes(time)
      return 1 + weekdayAt(local) * parts.size + parts.at(minuteOfDay(local))
    },
  }
}
