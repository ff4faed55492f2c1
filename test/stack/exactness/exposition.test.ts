import { describe, expect, it } from '@jest/globals'
import { Exposition } from './exposition.ts'

const failures = (gateway: string, value: number) =>
  `clawtrust_auth_failures_total{gateway="${gateway}",trust_zone="edge"} ${value}\n`

describe('what an exporter exposes', () => {
  it('is told by series, however the labels are ordered, without those that are 0', () => {
    const exposition = new Exposition()
    exposition.look(`# HELP x y\n${failures('gw-1', 3)}${failures('gw-2', 0)}clawtrust_other_total 5\n`)
    const series = exposition.series(['clawtrust_auth_failures_total'])
    expect([...series]).toEqual([['clawtrust_auth_failures_total{gateway="gw-1",trust_zone="edge"}', 3]])
  })

  it('is told without its source, of which a counter is told also where it is 0', () => {
    const exposition = new Exposition()
    exposition.look('clawtrust_beyond_overlap_total{source="logs"} 0\n')
    expect([...exposition.series(['clawtrust_beyond_overlap_total'])]).toEqual([
      ['clawtrust_beyond_overlap_total{}', 0],
    ])
  })

  it('sums metrics', () => {
    const exposition = new Exposition()
    exposition.look('clawtrust_events_total{decoder="a"} 2\nclawtrust_events_total{decoder="b"} 3\nclawtrust_x 1\n')
    expect(exposition.sum('clawtrust_events_total', 'clawtrust_x')).toBe(6)
  })

  it('must not fall, through any number of looks', () => {
    const exposition = new Exposition()
    for (const value of [1, 2, 2, 1, 5]) exposition.look(failures('gw-1', value))
    exposition.look('clawtrust_gauge 5\n')
    exposition.look('clawtrust_gauge 1\n')
    expect(exposition.falls).toEqual([
      'clawtrust_auth_failures_total{gateway="gw-1",trust_zone="edge"} fell from 2 to 1',
    ])
  })
})
