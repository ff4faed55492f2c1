import { existsSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { blindSpots } from '../../core/blind-spots.ts'
import { type SignalDefinition, signals } from '../../core/signals.ts'
import { type ComponentMetric, components, observers, principles } from '../../core/zero-trust.ts'
import { reporters } from '../../exporter/sources/reporters.ts'
import { root } from '../structure/source-files.ts'

const all: readonly SignalDefinition[] = Object.values(signals)
const metricsOfComponents = Object.values(components).flatMap(({ metrics }) =>
  Object.entries<ComponentMetric>(metrics).map(([name, { test }]) => [name, test] as const),
)

describe('the zero-trust map', () => {
  it.each(Object.keys(principles))('has a signal that monitors the principle %s', principle => {
    expect(all.filter(signal => signal.principles.some(key => key === principle))).not.toEqual([])
  })

  it.each(Object.entries(components))('has a metric for the component %s', (component, { metrics }) => {
    const own = all.filter(signal => signal.components.some(key => key === component))
    expect(own.length + Object.keys(metrics).length).toBeGreaterThan(0)
  })

  it.each(metricsOfComponents)('names for %s a test that exists: %s', (_, path) => {
    expect(existsSync(`${root}${path}`)).toBe(true)
  })

  it.each(Object.keys(observers))('has a reporter for the observer %s', observer => {
    expect(reporters.filter(one => one.observer === observer)).not.toEqual([])
  })

  it('gives each signal a principle and a component', () => {
    for (const signal of all) {
      expect(signal.principles).not.toEqual([])
      expect(signal.components).not.toEqual([])
    }
  })

  it('says of each blind spot who reports it, or what is reported in its place', () => {
    for (const spot of Object.values(blindSpots)) expect(spot.observers.length > 0).toBe(!('instead' in spot))
  })
})
