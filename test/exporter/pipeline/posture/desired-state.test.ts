import { describe, expect, it } from '@jest/globals'
import { type DesiredState, postureSchema } from '../../../../core/config/posture.ts'
import { findingKey, type PostureFacts, type PostureSnapshot } from '../../../../decoding/toolkit/posture.ts'
import { desiredStateFindings, desiredStateOf } from '../../../../exporter/pipeline/posture/desired-state.ts'
import { MAX_AGE_MS, Posture } from '../../../../exporter/pipeline/posture/posture.ts'
import { createSeriesStore } from '../../../../service/series/store.ts'
import type { Json } from '../../../../service/state/state.ts'
import { NOON } from '../fixtures.ts'

const desired = (entry: object): DesiredState => {
  const [parsed] = postureSchema.parse({ desired_state: [entry] }).desired_state
  if (parsed === undefined) throw new Error('no entry')
  return parsed
}

const inWords = (entry: object, facts: PostureFacts) =>
  desiredStateFindings(desired(entry), facts).map(finding => `${findingKey(finding).trim()} ${finding.severity}`)

describe('the desired state', () => {
  it('is met by what it demands', () => {
    const entry = {
      openclaw_version: '2026.9.6',
      node_version: '22',
      forbidden_flags: ['~gateway\\..*'],
      allowed_suppressions: ['models.legacy'],
      plugins: ['policy', 'browser'],
      config_hashes: ['a', 'b'],
    }
    const facts = {
      openclaw_version: ['2026.10.0'],
      node_version: ['26.10.0'],
      flags: ['hooks.allowUnsafe=true'],
      suppressions: ['models.legacy'],
      plugins: ['browser', 'policy'],
      config_hash: ['b'],
    }
    expect(inWords(entry, facts)).toEqual([])
  })

  it.each([
    [{ openclaw_version: '2026.9.6' }, { openclaw_version: ['2026.9.5'] }, ['desired_state/openclaw_version high']],
    [{ openclaw_version: '2026.9.6' }, { openclaw_version: ['main'] }, ['desired_state/openclaw_version high']],
    [{ node_version: '24' }, { node_version: ['22.1.0'] }, ['desired_state/node_version high']],
    [
      { forbidden_flags: ['a.b', '~c\\..*'] },
      { flags: ['a.b=true', 'c.d=true', 'e=true'] },
      ['desired_state/forbidden_flag a.b=true high', 'desired_state/forbidden_flag c.d=true high'],
    ],
    [{ allowed_suppressions: [] }, { suppressions: ['x'] }, ['desired_state/suppression x high']],
    [
      { plugins: ['policy'] },
      { plugins: ['browser'] },
      ['desired_state/plugin_unexpected browser high', 'desired_state/plugin_missing policy high'],
    ],
    [{ config_hashes: ['a'] }, { config_hash: ['b'] }, ['desired_state/config_hash high']],
  ])('%j is not met by %j', (entry, facts, expected) => {
    expect(inWords(entry, facts)).toEqual(expected)
  })

  it('is unverified, not met, where no record reports on it', () => {
    expect(inWords({ openclaw_version: '1', plugins: [] }, {})).toEqual([
      'desired_state/unverified openclaw_version medium',
      'desired_state/unverified plugins medium',
    ])
  })

  it('is that of the first entry for the gateway', () => {
    const entries = [desired({ gateway: ['~lab-.*'], plugins: [] }), desired({ node_version: '24' })]
    expect(desiredStateOf(entries, 'lab-1')).toBe(entries[0])
    expect(desiredStateOf(entries, 'prod')).toBe(entries[1])
    expect(desiredStateOf([desired({ gateway: ['a'] })], 'b')).toBeUndefined()
  })
})

describe('the differences of a gateway from the desired state', () => {
  const status = (version: string): PostureSnapshot => ({
    producer: 'openclaw-status',
    findings: [],
    facts: { openclaw_version: [version] },
  })
  const audit: PostureSnapshot = { producer: 'openclaw-audit', findings: [], facts: { flags: [] } }

  it('open and close with the records that show them, and are unverified where these have stopped', () => {
    const posture = new Posture({
      store: createSeriesStore(),
      desiredState: [desired({ openclaw_version: '2026.9.6' })],
      onEvicted: () => undefined,
    })
    const see = (snapshot: PostureSnapshot, time: number) =>
      posture
        .see({ gateway: 'gw', trustZone: 'z' }, { ...snapshot, time }, time)
        .map(({ kind, change: { subject, from, to } }) => `${kind}: ${subject} ${from} -> ${to}`)
    expect(see(audit, NOON)).toEqual([
      'desired_state_finding: desired_state/unverified openclaw_version closed -> medium',
    ])
    expect(see(status('2026.9.5'), NOON + 1)).toEqual([
      'finding_closed: desired_state/unverified openclaw_version medium -> closed',
      'desired_state_finding: desired_state/openclaw_version closed -> high',
    ])
    expect(see(status('2026.9.6'), NOON + 2)).toEqual([
      'finding_closed: desired_state/openclaw_version high -> closed',
      'version_changed: openclaw_version 2026.9.5 -> 2026.9.6',
    ])
    expect(see(audit, NOON + 3 + MAX_AGE_MS)).toEqual([
      'desired_state_finding: desired_state/unverified openclaw_version closed -> medium',
    ])
  })

  it('are counted as soon as they were looked for, also where there are none', async () => {
    const store = createSeriesStore()
    const entry = desired({ gateway: ['met', 'old'], openclaw_version: '2026.9.6' })
    const posture = new Posture({ store, desiredState: [entry], onEvicted: () => undefined })
    const exposed = async () => {
      let text = ''
      for await (const slice of store.render()) text += slice
      return text.split('\n').filter(line => line.startsWith('clawtrust_posture_desired_state_differences{'))
    }
    const versions = { met: '2026.9.6', old: '2026.9.5', undesired: '2026.9.5' }
    for (const [gateway, version] of Object.entries(versions)) {
      posture.see({ gateway, trustZone: 'z' }, { ...status(version), time: NOON }, NOON)
    }
    expect(await exposed()).toEqual([
      'clawtrust_posture_desired_state_differences{gateway="met",trust_zone="z"} 0',
      'clawtrust_posture_desired_state_differences{gateway="old",trust_zone="z"} 1',
    ])
    posture.clockReached(NOON + MAX_AGE_MS + 1)
    expect(await exposed()).toEqual([])
  })

  it('are gone where nothing is desired any more', () => {
    const rows = (desiredState: readonly DesiredState[], saved: readonly { name: string; value: Json }[] = []) => {
      const posture = new Posture({ store: createSeriesStore(), desiredState, onEvicted: () => undefined })
      posture.restore(saved)
      const time = NOON + saved.length
      const drifts = posture.see({ gateway: 'gw', trustZone: 'z' }, { ...status('2026.9.5'), time }, time)
      const changed = posture.changes().map(({ name, value }) => ({ name, value: value ?? {} }))
      return { changed, kinds: drifts.map(({ kind }) => kind) }
    }
    const before = rows([desired({ openclaw_version: '2026.9.6' })])
    expect(JSON.stringify(before.changed)).toContain('desired-state')
    const after = rows([], before.changed)
    expect(after.kinds).toEqual(['finding_closed'])
    expect(JSON.stringify(after.changed)).not.toContain('desired-state')
  })
})
