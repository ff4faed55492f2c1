import { describe, expect, it } from '@jest/globals'
import { Gateways } from '../../../exporter/pipeline/gateways.ts'
import { claim, NOON } from './fixtures.ts'

const namesOf = (gateways: Gateways, most = 10) => gateways.newest(most).map(({ name }) => name)

describe('the observed gateways', () => {
  it('are listed with their ports and sources, the one observed last first', () => {
    const gateways = new Gateways()
    gateways.observe('gw-1', 'log', claim({ origin: { port: 1 } }))
    gateways.observe('gw-2', 'log', claim({ time: NOON + 1 }))
    gateways.observe('gw-1', 'other', claim({ time: NOON - 5, origin: { port: 2 } }))
    expect(gateways.newest(10)).toEqual([
      { name: 'gw-2', ports: [], sources: ['log'], lastEvent: NOON + 1 },
      { name: 'gw-1', ports: [1, 2], sources: ['log', 'other'], lastEvent: NOON },
    ])
    expect(namesOf(gateways, 1)).toEqual(['gw-2'])
  })

  it('have no record from the future: it is taken for one of the time at which it was read', () => {
    const gateways = new Gateways()
    gateways.observe('ahead', 'log', claim({ time: NOON + 86_400_000 }))
    gateways.observe('gw-1', 'log', claim({ time: NOON - 5 }))
    gateways.clockReached(NOON)
    gateways.clockReached(NOON + 60_000)
    expect(gateways.newest(10).map(({ name, lastEvent }) => [name, lastEvent])).toEqual([
      ['ahead', NOON],
      ['gw-1', NOON - 5],
    ])
  })

  it('are bounded in number, and one that is still observed is never forgotten', () => {
    const gateways = new Gateways(50)
    for (let made = 0; made < 1_000; made++) {
      gateways.observe(`made-up-${made}`, 'log', claim({ time: NOON + made }))
      if (made % 40 === 0) gateways.observe('gw-1', 'log', claim())
      expect(gateways.size).toBeLessThanOrEqual(100)
    }
    expect(gateways.sourcesOf('gw-1')).toEqual(['log'])
    expect(gateways.sourcesOf('made-up-0')).toEqual([])
    expect(namesOf(gateways, 2)).toEqual(['made-up-999', 'made-up-998'])
  })

  it('are not held under names that no label can have', () => {
    const gateways = new Gateways()
    gateways.observe('x'.repeat(5_000), 'log', claim())
    expect(gateways.size).toBe(0)
  })
})
