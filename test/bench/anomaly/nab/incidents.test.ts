import { describe, expect, it } from '@jest/globals'
import type { LabelledFile } from '../../../../bench/anomaly/nab/corpus.ts'
import { countFamilies, filesOf, spacingOf } from '../../../../bench/anomaly/nab/counts.ts'
import { bestIncidents, incidentsAt } from '../../../../bench/anomaly/nab/incidents.ts'
import { SpreadCounts } from '../../../../bench/anomaly/nab/spread-counts.ts'

/** Two weeks and a half of five minutes, probation of 750 rows, two windows of 100 rows. */
const file: LabelledFile = {
  name: 'realTweets/Twitter_volume_XYZ.csv',
  timestamps: [],
  times: Array.from({ length: 5040 }, (_, row) => 300 * row),
  values: Array<number>(5040).fill(3),
  windows: [
    { first: 2000, last: 2099 },
    { first: 3000, last: 3099 },
  ],
}
const alertsAt = (...rows: number[]) => Float64Array.from(file.times, (_, row) => (rows.includes(row) ? 1 : 0))
const WEEKS = (5040 - 750 - 200) / 2016

describe('incidents of real counts', () => {
  it('are found by an alert in their window; any other is false, once an hour, past probation', () => {
    const outcome = incidentsAt([file], [alertsAt(10, 1000, 1005, 2050, 2060, 4000, 4013)], 1)
    expect(outcome).toMatchObject({ windows: 2, found: 1, falseAlerts: 3, recall: 0.5, precision: 0.25 })
    expect(outcome.falseAlertsPerSeriesWeek).toBeCloseTo(3 / WEEKS)
  })

  it('have no precision where there is no alert', () => {
    expect(incidentsAt([file], [alertsAt()], 1)).toMatchObject({ found: 0, precision: undefined })
  })

  it('are judged at the threshold that finds most among those that err no more than they may', () => {
    const outputs = alertsAt(2050, 3050, 1000)
    outputs[2050] = 3
    outputs[1000] = 2
    expect(bestIncidents([file], [outputs], 1)).toMatchObject({ found: 2, falseAlerts: 1 })
    expect(bestIncidents([file], [outputs], 0.2)).toMatchObject({ found: 1, falseAlerts: 0, precision: 1 })
  })
})

it('knows the files that count something, and the time between their rows', () => {
  const names = [file.name, 'realAWSCloudwatch/ec2_cpu_utilization_24ae8d.csv', 'realKnownCause/nyc_taxi.csv']
  const corpus = names.map(name => ({ ...file, name }))
  expect(countFamilies.map(family => filesOf(family, corpus).map(({ name }) => name))).toEqual([
    [names[0], names[2]],
    [],
  ])
  expect(spacingOf(file)).toBe(300)
})

it('spreads a count evenly over whole minutes that never go back', () => {
  const steps: string[] = []
  const spread = new SpreadCounts(
    {
      step: (time, count) => {
        steps.push(`${time} ${count}`)
        return count
      },
    },
    300,
  )
  expect(spread.step(930, 12)).toBe(3)
  expect(steps).toEqual(['900 2', '960 2', '1020 3', '1080 2', '1140 3'])
  spread.step(1190, 0)
  expect(steps[5]).toBe('1200 0')
})
