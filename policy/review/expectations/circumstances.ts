import { DAY_MS, type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import { type Transport, transports } from '../../../core/flow.ts'
import { createLocalMinutes, DAY_MINUTES } from '../../../core/time/local-minutes.ts'
import { isWithin } from '../../decide/conditions.ts'
import { LAST_PORT } from '../../decide/ports.ts'
import type { ResolvedPolicy, ResolvedPorts } from '../../language/resolved.ts'
import { type Condition, weekdays } from '../../model/policy.ts'
import type { AccessRequest } from '../../model/request.ts'

type Circumstances = Pick<AccessRequest, 'devicePosture' | 'time' | 'isMutuallyAuthenticated'>
type Door = Pick<AccessRequest, 'transport' | 'port'>

/** Of several values that are alike for every rule of a policy, one. */
export class CircumstanceMaker {
  readonly #timeZone: string
  readonly #starts: Readonly<Record<Transport, readonly number[]>>
  readonly #minutes: readonly number[]

  constructor({ timeZone, rules }: ResolvedPolicy) {
    this.#timeZone = timeZone
    const ranges = rules.flatMap(({ to }) => to.flatMap(({ ports }) => ports))
    const startsOf = (transport: Transport) => [
      ...new Set(ranges.filter(one => one.transport === transport).flatMap(({ first, last }) => [first, last + 1])),
    ]
    this.#starts = { tcp: startsOf('tcp'), udp: startsOf('udp'), sctp: startsOf('sctp'), icmp: [] }
    this.#minutes = [...new Set([0, ...rules.flatMap(({ conditions }) => conditions.flatMap(boundariesOf))])]
  }

  /** Transports with ports; of no range, each transport. */
  doors(ports: readonly ResolvedPorts[]): readonly Door[] {
    const ranges = ports.length > 0 ? ports : transports.map(transport => ({ transport, first: 0, last: LAST_PORT }))
    return ranges.flatMap(({ transport, first, last }): readonly Door[] => {
      if (transport === 'icmp') return [{ transport }]
      // Port 0 is never used.
      const least = Math.max(1, first)
      const inside = this.#starts[transport].filter(port => port > least && port <= last)
      return [least, ...inside].map(port => ({ transport, port }))
    })
  }

  /** What conditions say; what they do not say is unknown. Those on the network are about the source. */
  circumstances(conditions: readonly Condition[]): readonly Circumstances[] {
    let found: readonly Circumstances[] = [{}]
    const postures = conditions.filter(one => one.kind === 'device-posture')
    const [first, ...more] = postures
    if (first !== undefined) {
      const is = first.is.filter(posture => more.every(other => other.is.includes(posture)))
      found = found.flatMap(one => is.map(devicePosture => ({ ...one, devicePosture })))
    }
    if (conditions.some(({ kind }) => kind === 'authentication')) {
      found = found.map(one => ({ ...one, isMutuallyAuthenticated: true }))
    }
    if (conditions.some(({ kind }) => kind === 'time' || kind === 'weekday')) {
      const times = this.#times(conditions)
      found = found.flatMap(one => times.map(time => ({ ...one, time })))
    }
    return found
  }

  #times(conditions: readonly Condition[]): readonly EpochMs[] {
    const epochOf = createEpochs(this.#timeZone)
    const minutes = [...new Set([...this.#minutes, ...conditions.flatMap(boundariesOf)])].filter(minute =>
      conditions.every(one => one.kind !== 'time' || isWithin(minute, one)),
    )
    return weekdays.flatMap((weekday, day) =>
      conditions.every(one => one.kind !== 'weekday' || one.days.includes(weekday))
        ? minutes.map(minute => epochOf(day, minute))
        : [],
    )
  }
}

const boundariesOf = (condition: Condition): readonly number[] =>
  condition.kind === 'time' ? [condition.from, condition.to % DAY_MINUTES] : []

/** A Monday; no time zone changes its offset in this week. */
const REFERENCE = Date.UTC(2026, 0, 12)

/** The time at which the clocks of a time zone show a minute of a day, counted from a Monday. */
function createEpochs(timeZone: string): (day: number, minute: number) => EpochMs {
  const localMinutes = createLocalMinutes(timeZone)
  const offset = localMinutes(REFERENCE) - REFERENCE / MINUTE_MS
  return (day, minute) => REFERENCE + day * DAY_MS + (minute - offset) * MINUTE_MS
}
