import { describe, expect, it } from '@jest/globals'
import { rankZones } from '../../../../exporter/web/page/ranking.ts'
import { assessSignal, type Level } from '../../../../exporter/web/page/signal-assessment.ts'
import { type Course, minutesOf, sampleModel, signalOf } from './sample.ts'

/** Exact counts instead of drawn ones. */
function minutes(count: (minute: number) => number, mark?: Course['mark']) {
  return minutesOf({ mean: () => 0, ...(mark === undefined ? {} : { mark }) }).map((minute, index) => ({
    ...minute,
    count: minute.mark === 'unknown' ? 0 : count(index),
  }))
}

const read = (parts: Parameters<typeof signalOf>[1]) => assessSignal(signalOf('auth_failures', parts))

describe('readSignal', () => {
  it('has the level none for an hour without events only when all of it is known', () => {
    expect(read({ minutes: minutes(() => 0) }).level).toBe('none')
    const gap = read({
      minutes: minutes(
        () => 0,
        minute => (minute === 20 ? 'unknown' : 'complete'),
      ),
    })
    expect(gap).toMatchObject({ level: 'unknown', unknownMinutes: 1, total: 0 })
  })

  it('calls a signal unknown when most of the last ten minutes are', () => {
    const assessment = read({
      minutes: minutes(
        () => 1,
        minute => (minute >= 54 ? 'unknown' : 'complete'),
      ),
    })
    expect(assessment).toMatchObject({ level: 'unknown', unknownMinutes: 6, total: 54 })
  })

  it.each<[string, number, number, Level]>([
    ['3 times the usual', 60, 3, 'elevated'],
    ['just under 3 times', 60, 2.9, 'normal'],
    ['8 times the usual', 60, 8, 'anomalous'],
    ['many times a very small usual, but few events', 0, 0.4, 'normal'],
  ])('%s in the last ten minutes', (_, usualPerHour, each, level) => {
    expect(read({ minutes: minutes(minute => (minute >= 50 ? each : 0)), usualPerHour }).level).toBe(level)
  })

  it('keeps an attack visible that ended within the hour', () => {
    const course = minutes(minute => (minute >= 10 && minute < 30 ? 20 : 0))
    expect(read({ minutes: course, usualPerHour: 10 }).level).toBe('anomalous')
  })

  it('compares with the earlier minutes while there is no usual rate', () => {
    expect(read({ minutes: minutes(minute => (minute >= 50 ? 10 : 1)) }).level).toBe('anomalous')
    const fresh = minutes(
      () => 10,
      minute => (minute < 45 ? 'unknown' : 'complete'),
    )
    expect(read({ minutes: fresh }).level).toBe('normal')
  })

  it('lets the score decide where there is one', () => {
    const band = { gateway: 'gw', suppressed: false, minute: 0, observed: 1, expected: 1, lower: 0, upper: 4 }
    const level = { minutes: minutes(() => 100), usualPerHour: 1 }
    expect(read({ ...level, score: { value: 12, active: false, ...band } }).level).toBe('normal')
    expect(read({ ...level, score: { value: 30, active: false, ...band } }).level).toBe('elevated')
    // The configured preset decides from which score on a series is active, and nothing else does.
    expect(read({ ...level, score: { value: 66, active: false, ...band } }).level).toBe('elevated')
    expect(read({ ...level, score: { value: 31, active: true, ...band } }).level).toBe('anomalous')
  })

  it('says whether the fixed-rate rule decided, because a gateway has no score yet', () => {
    const band = { gateway: 'gw', suppressed: false, minute: 0, observed: 1, expected: 1, lower: 0, upper: 4 }
    const level = { minutes: minutes(() => 100), usualPerHour: 1 }
    const score = (value: number, active: boolean) => ({ value, active, ...band })
    expect(read(level)).toMatchObject({ level: 'anomalous', byRate: true })
    expect(read({ ...level, score: score(0, false), scoreAfter: 720 })).toMatchObject({
      level: 'anomalous',
      byRate: true,
    })
    expect(read({ ...level, score: score(31, true), scoreAfter: 720 })).toMatchObject({
      level: 'anomalous',
      byRate: false,
    })
    expect(read({ ...level, score: score(0, false) })).toMatchObject({ level: 'normal', byRate: false })
  })

  it('applies the fixed-rate rule beside the score of a series that is new, unless feedback suppresses it', () => {
    const score = { value: 38, active: false, gateway: 'gw', suppressed: false, minute: 0, observed: 1, expected: 0 }
    const signal = { minutes: minutes(() => 100), usualPerHour: 1, isNew: true } as const
    const band = { lower: 0, upper: 0 }
    expect(read({ ...signal, score: { ...score, ...band } })).toMatchObject({ level: 'anomalous', byRate: true })
    expect(read({ ...signal, score: { ...score, ...band, suppressed: true } }).level).toBe('normal')
  })
})

describe('rankZones', () => {
  it('puts the worst zone first, then the busier, then by name, whatever the order given', () => {
    const { zones } = sampleModel()
    const names = rankZones(zones).map(zone => `${zone.trustZone} ${zone.level}`)
    expect(names).toEqual([
      'agent-control anomalous',
      'management-api anomalous',
      'data-ingest normal',
      'analytics normal',
      'unattributed none',
    ])
    expect(rankZones([...zones].reverse()).map(zone => `${zone.trustZone} ${zone.level}`)).toEqual(names)
  })

  it('never calls a zone normal that is not measured', () => {
    const signals = [signalOf('auth_failures', { blindSpot: 'No source.' })]
    expect(rankZones([{ trustZone: 'a', signals }])[0]?.level).toBe('unknown')
  })
})
