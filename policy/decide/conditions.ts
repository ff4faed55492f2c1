import { createLocalMinutes, DAY_MINUTES } from '../../core/time/local-minutes.ts'
import type { Condition } from '../model/policy.ts'
import { weekdays } from '../model/policy.ts'
import type { AccessRequest } from '../model/request.ts'
import type { EndView } from './end-view.ts'
import { compileAlternatives } from './terms.ts'
import { and, FALSE, TRUE, type Truth, truthOf, unknownWithout } from './truth.ts'

export type ConditionTest = (request: AccessRequest, source: EndView) => Truth

const WITHOUT_POSTURE = unknownWithout('device-posture')
const WITHOUT_TIME = unknownWithout('time')
const WITHOUT_AUTHENTICATION = unknownWithout('authentication')

/** 1970-01-01 was a Thursday. */
const DAYS_TO_FIRST_MONDAY = 3

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
          const minute = modulo(localMinutes(time), DAY_MINUTES)
          return truthOf(isWithin(minute, condition))
        }
      }
      case 'weekday':
        return ({ time }) => {
          if (time === undefined) return WITHOUT_TIME
          const day = Math.floor(localMinutes(time) / DAY_MINUTES) + DAYS_TO_FIRST_MONDAY
          const weekday = weekdays[modulo(day, weekdays.length)]
          return truthOf(weekday !== undefined && condition.days.includes(weekday))
        }
      case 'network': {
        const test = compileAlternatives(condition.networks.map(cidr => [{ kind: 'network', cidr }]))
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

/** Also of times before 1970. */
const modulo = (value: number, by: number): number => ((value % by) + by) % by
