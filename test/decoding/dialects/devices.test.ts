import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'

const { decode } = createDispatcher(dialects)
const states = (name: string) =>
  readFileSync(new URL(`../../fixtures/devices/${name}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map(body => decode({ id: '1', body }).decoding)
    .map(decoding => (decoding.kind === 'device_state' ? decoding.state : decoding.kind))

describe('records of devices', () => {
  it('of osquery are snapshots and differences of the queries that count', () => {
    expect(states('osquery.synthetic.jsonl')).toEqual([
      { device: 'laptop-7', set: { os_version: ['15.1'], platform: ['darwin'] } },
      { device: 'laptop-7', set: { unencrypted_disks: ['/dev/disk2'] } },
      {
        device: 'laptop-7',
        set: {},
        add: { unencrypted_disks: [] },
        remove: { unencrypted_disks: ['/dev/disk2'] },
      },
      { device: 'laptop-7', set: {}, add: { agents: [] }, remove: { agents: ['falcond'] } },
      { device: 'laptop-7', set: { patch_level: ['2026.11'] } },
      'no_signal',
    ])
  })

  it('of a plain inventory say what they have, and leave the rest as it was', () => {
    expect(states('inventory.synthetic.jsonl')).toEqual([
      {
        device: 'laptop-7',
        set: {
          platform: ['darwin'],
          os_version: ['15.1'],
          patch_level: ['2026.11'],
          agents: ['falcond', 'osqueryd'],
          unencrypted_disks: [],
        },
      },
      {
        device: 'build-1',
        set: {
          platform: ['ubuntu'],
          os_version: ['24.04'],
          agents: [],
          unencrypted_disks: ['all'],
          compliant: ['false'],
        },
      },
    ])
  })

  it('of osquery are dated in seconds, as a number or as a text', () => {
    const at = (unixTime: unknown) =>
      decode({ id: '1', body: { name: 'agents', hostIdentifier: 'h', unixTime, snapshot: [] } }).decoding
    expect([at(1_795_435_200), at('1795435200')]).toMatchObject([
      { time: 1_795_435_200_000 },
      { time: 1_795_435_200_000 },
    ])
    expect(at('soon')).toEqual({ kind: 'undecoded', reason: 'bad_time' })
  })
})
