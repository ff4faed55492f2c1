import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { scoreSeverities, severityOfScore } from '../../core/score-severity.ts'
import { scoreSteps, scoreTextSteps } from '../../dashboards/steps.ts'
import { alertPresets } from '../../exporter/detection/model/series/alert-presets.ts'
import { values } from '../alert-rules/rendered.ts'

const { low, medium, high, critical } = scoreSeverities

describe('the severity of a score', () => {
  it.each([
    [0, 'info'],
    [29.9, 'info'],
    [30, 'low'],
    [50, 'medium'],
    [64.9, 'medium'],
    [65, 'high'],
    [85, 'critical'],
    [100, 'critical'],
  ] as const)('of %d is %s', (score, severity) => {
    expect(severityOfScore(score)).toBe(severity)
  })

  it('is high where the default preset makes a series active', () => {
    expect(alertPresets.default.enter).toBe(high)
  })

  it('is high where the preset `default` makes a series active, which the shipped alert follows, and critical where it is', () => {
    expect(alertPresets.default.enter).toBe(high)
    expect(values.anomaly).toMatchObject({ warning: 0, critical })
  })

  it.each([
    ['cells', scoreSteps],
    ['figures', scoreTextSteps],
  ])('decides the colours of %s in dashboards', (_, steps) => {
    expect(steps.map(({ value }) => value)).toEqual([null, low, medium, high, critical])
  })

  it("decides the colours of the panel's own defaults", () => {
    const source = readFileSync(new URL('../../grafana-plugin/src/core/thresholds.ts', import.meta.url), 'utf8')
    const steps = [...source.matchAll(/\{ value: (\d+),/g)].map(([, value]) => Number(value))
    expect(steps).toEqual([low, medium, high, critical])
  })
})
