import { createLocalMinutes } from '../../core/time/local-minutes.ts'
import type { ResolvedSelector } from '../language/resolved.ts'
import type { Condition } from '../model/policy.ts'
import { weekdays } from '../model/policy.ts'
import type { AccessRequest } from '../model/request.ts'
import type { EndView } from './end-view.ts'
import { minuteOfDay, weekdayAt } from './local-time.ts'
import { compileAlternatives } from './terms.ts'
import { and, FALSE, TRUE, type Truth, truthOf, unknownWithout } from './truth.ts'

export type ConditionTest = (request: AccessRequest, source: EndView) => Truth

const WITHOUT_POSTURE = unknownWithout('device-posture')
const WITHOUT_TIME = unknownWithout('time')
const WITHOUT_AUTHENTICATION = unknownWithout('authentication')

/** @param timeZone IANA name, of conditions on time and weekday */
export function createConditionCompiler(timeZone: string): (conditions: readonly Condition[]) => ConditionTest {
  const localMinutes = createLocalMinutes(timeZone)

  const compile = (condition: Condition): ConditionTest => {
    switch (condition.kind) {
      case 'device-posture':
        return ({ devicePosture }) =>
          devicePosture === undefined ? WITHOUT_POSTURE : truthOf(condition.is.includes(devicePosture))
      case 'time': {
        return ({ time }) => {
          if (time === undefined) return WITHOUT_TIME
          return truthOf(isWithin(minuteOfDay(localMinutes(time)), condition))
        }
      }
      case 'weekday':
        return ({ time }) => {
          if (time === undefined) return WITHOUT_TIME
          const weekday = weekdays[weekdayAt(localMinutes(time))]
          return truthOf(weekday !== undefined && condition.days.includes(weekday))
        }
      case 'network': {
        const test = compileAlternatives(networkTerms(condition))
        return (_, source) => test(source)
      }
      case 'authentication':
        return ({ isMutuallyAuthenticated }) =>
          isMutuallyAuthenticated === undefined ? WITHOUT_AUTHENTICATION : truthOf(isMutuallyAuthenticated)
    }
  }

  return conditions => {
    const tests = conditions.map(compile)
    return (request, source) => {
      let truth = TRUE
      for (const test of tests) {
        truth = and(truth, test(request, source))
        if (truth === FALSE) return FALSE
      }
      return truth
    }
  }
}

/** Minutes since midnight; over midnight where `from` is greater than `to`. */
export interface Times {
  readonly from: number
  readonly to: number
}

export const isWithin = (minute: number, { from, to }: Times): boolean =>
  from <= to ? minute >= from && minute < to : minute >= from || minute < to

/** What a condition on the network asks of the source; of another condition no alternative. */
export const networkTerms = (condition: Condition): ResolvedSelector =>
  condition.kind === 'network' ? condition.networks.map(cidr => [{ kind: 'network', cidr }]) : []

/** Sources with the conditions on their network. */
export const withNetworks = (from: ResolvedSelector, conditions: readonly Condition[]): ResolvedSelector =>
  conditions
    .filter(({ kind }) => kind === 'network')
    .reduce((found, condition) => {
      const networks = networkTerms(condition)
      return found.flatMap(terms => networks.map(more => [...terms, ...more]))
    }, from)
