import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HOUR_MS } from '../../../../core/clock.ts'
import { postureSchema } from '../../../../core/config/posture.ts'
import type { DeviceFacts, DeviceState } from '../../../../decoding/toolkit/device.ts'
import { assessDevice } from '../../../../exporter/pipeline/posture/device-assessment.ts'
import { Devices } from '../../../../exporter/pipeline/posture/devices.ts'
import { createSeriesStore } from '../../../../service/series/store.ts'
import { NOON } from '../fixtures.ts'

const MAX_AGE = 26 * HOUR_MS
const SUBJECT = { gateway: 'fleet', trustZone: 'z' }
const requirements = (...entries: readonly object[]) =>
  postureSchema.parse({ device_requirements: entries }).device_requirements

const complete = {
  platform: ['darwin'],
  os_version: ['15.1'],
  patch_level: ['2026-11'],
  agents: ['falcond', 'osqueryd'],
  unencrypted_disks: [],
}

describe('a device', () => {
  const entries = requirements({
    platform: ['darwin'],
    os_version: '15.0',
    patch_level: '2026.11',
    agents: ['falcond'],
    disk_encryption: true,
  })
  it.each<[string, DeviceFacts, string]>([
    ['trusted', complete, ''],
    ['untrusted', { ...complete, os_version: ['14.7'] }, 'os_version 14.7 is older than 15.0.'],
    ['untrusted', { ...complete, patch_level: ['2026-10'] }, 'patch_level 2026-10 is older than 2026.11.'],
    ['untrusted', { ...complete, agents: [] }, 'It runs without falcond.'],
    ['untrusted', { ...complete, unencrypted_disks: ['sda'] }, 'Not encrypted: sda.'],
    ['untrusted', { ...complete, compliant: ['false'] }, 'Its management says that it is not compliant.'],
    ['untrusted', { platform: ['darwin'], agents: [] }, 'It runs without falcond.'],
    ['unknown', { platform: ['darwin'], os_version: ['15.1'] }, 'Nothing reports patch_level.'],
    ['unknown', { ...complete, os_version: [] }, 'Nothing reports os_version.'],
    ['unknown', { platform: ['plan9'] }, 'Nothing reports compliant.'],
    ['trusted', { platform: ['plan9'], compliant: ['true'] }, ''],
  ])('is %s by %j', (posture, facts, reason) => {
    const assessed = assessDevice(entries, facts)
    expect([assessed.posture, assessed.reasons[0] ?? '']).toEqual([posture, reason])
  })
})

function watch() {
  const store = createSeriesStore()
  let evicted = 0
  const devices = new Devices({
    store,
    maxAge: MAX_AGE,
    requirements: requirements({ disk_encryption: true }),
    onEvicted: () => evicted++,
  })
  const exposed = async (now: number) => {
    devices.clockReached(now)
    let text = ''
    for await (const slice of store.render()) text += slice
    return Object.fromEntries(
      [...text.matchAll(/^clawtrust_device\w+\{.*,(?:posture|device)="([^"]+)"\} (\d+)$/gm)].map(([, name, value]) => [
        name,
        Number(value),
      ]),
    )
  }
  const see = (state: Partial<DeviceState>, time: number) =>
    devices
      .see(SUBJECT, { device: 'laptop', set: {}, ...state }, time)
      .map(({ kind, device, change: { from, to } }) => `${kind} ${device}: ${from} -> ${to}`)
  return { devices, exposed, see, evicted: () => evicted }
}

describe('the devices of a fleet', () => {
  it('turn untrusted and trusted again, each time with an event that says why', async () => {
    const { see, exposed } = watch()
    expect(see({ set: { unencrypted_disks: [] } }, NOON)).toEqual([])
    expect(await exposed(NOON)).toEqual({ trusted: 1, untrusted: 0, unknown: 0 })
    expect(see({ add: { unencrypted_disks: ['sdb'] } }, NOON + 1)).toEqual([
      'device_untrusted laptop: trusted -> untrusted: Not encrypted: sdb.',
    ])
    expect(await exposed(NOON + 1)).toEqual({ trusted: 0, untrusted: 1, unknown: 0, laptop: 1 })
    expect(see({ add: { unencrypted_disks: ['sdb'] } }, NOON + 2)).toEqual([])
    expect(see({ remove: { unencrypted_disks: ['sdb'] } }, NOON + 3)).toEqual([
      'device_trusted laptop: untrusted -> trusted',
    ])
  })

  it('are unknown when telemetry stops, and without any', async () => {
    const { see, exposed } = watch()
    see({ set: { unencrypted_disks: ['sda'] } }, NOON)
    see({ device: 'other', set: { os_version: ['1'] } }, NOON)
    expect(await exposed(NOON + MAX_AGE)).toEqual({ trusted: 0, untrusted: 1, unknown: 1, laptop: 1 })
    expect(await exposed(NOON + MAX_AGE + 1)).toEqual({ trusted: 0, untrusted: 0, unknown: 2 })
    expect(await exposed(NOON + 31 * 24 * HOUR_MS)).toEqual({})
  })

  it('do not go back by a record that comes late', () => {
    const { see } = watch()
    see({ set: { unencrypted_disks: [] } }, NOON)
    expect(see({ set: { unencrypted_disks: ['sda'] } }, NOON - 1)).toEqual([])
  })

  it('are bounded: the one seen longest ago goes first', () => {
    const { see, evicted } = watch()
    for (let n = 0; n < 20_003; n++) see({ device: `d${n}`, set: {} }, NOON + n)
    expect(evicted()).toBe(3)
  })

  it('are the same after a restart at any moment', async () => {
    const step = fc.record({
      device: fc.constantFrom('a', 'b', 'c'),
      disks: fc.subarray(['sda', 'sdb']),
      how: fc.constantFrom('set', 'add', 'remove'),
      passed: fc.integer({ min: -5, max: 20 }).map(hours => hours * HOUR_MS),
      restarts: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async steps => {
        const steady = watch()
        let restarted = watch()
        const saved = new Map<string, string>()
        let time = NOON
        for (const { device, disks, how, passed, restarts } of steps) {
          time += passed
          const state = { device, set: {}, [how]: { unencrypted_disks: disks } }
          expect(restarted.see(state, time)).toEqual(steady.see(state, time))
          for (const { name, value } of restarted.devices.changes()) saved.set(name, JSON.stringify(value))
          if (!restarts) continue
          restarted = watch()
          restarted.devices.restore([...saved].map(([name, value]) => ({ name, value: JSON.parse(value) })))
        }
        expect(await restarted.exposed(time)).toEqual(await steady.exposed(time))
      }),
      { numRuns: 50 },
    )
  })
})
