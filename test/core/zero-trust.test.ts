import { describe, expect, it } from '@jest/globals'
import { blindSpots } from '../../core/blind-spots.ts'
import { type SignalDefinition, signals } from '../../core/signals.ts'
import { components, principles } from '../../core/zero-trust.ts'

const all: readonly SignalDefinition[] = Object.values(signals)

describe('the zero-trust map', () => {
  it.each(Object.keys(principles))('has a signal that monitors the principle %s', principle => {
    expect(all.filter(signal => signal.principles.some(key => key === principle))).not.toEqual([])
  })

  it.each(Object.entries(components))('has a metric for the component %s', (component, { metrics }) => {
    const own = all.filter(signal => signal.components.some(key => key === component))
    expect(own.length + Object.keys(metrics).length).toBeGreaterThan(0)
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
