import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DAY_MS, HOUR_MS } from '../../../../core/clock.ts'
import { type Severity, severities } from '../../../../core/labels/event.ts'
import { driftKindOf, isScheduled, type PostureProducer, postureProducers } from '../../../../core/labels/posture.ts'
import { type PostureCheck, postureChecks } from '../../../../core/labels/posture-checks.ts'
import type { Dialect } from '../../../../decoding/dialects/dialect.ts'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { distinctFindings, type Finding, findingKey, type PostureFacts } from '../../../../decoding/toolkit/posture.ts'
import { MAX_AGE_MS, Posture } from '../../../../exporter/pipeline/posture/posture.ts'
import { createSeriesStore } from '../../../../service/series/store.ts'
import type { Json } from '../../../../service/state/state.ts'
import { batchOf, bench, jsonClaims, NOON, source, total } from '../fixtures.ts'

const SUBJECT = { gateway: 'gw', trustZone: 'z' }

const finding = (check: PostureCheck, severity: Severity = 'medium', target = ''): Finding => ({
  check,
  severity,
  target,
  summary: '',
})
const snapshot = (
  findings: readonly Finding[],
  producer: PostureProducer = 'openclaw-audit',
  facts: PostureFacts = {},
) => ({
  producer,
  findings,
  facts,
})

function watch() {
  const store = createSeriesStore()
  let evicted = 0
  const posture = new Posture({ store, onEvicted: () => evicted++ })
  const lines = async () => {
    let text = ''
    for await (const slice of store.render()) text += slice
    return text.split('\n')
  }
  /** Values by the labels after gateway and zone. */
  const exposed = async (metric = 'clawtrust_posture_findings') =>
    Object.fromEntries(
      (await lines())
        .filter(line => line.startsWith(`${metric}{`))
        .map(line => {
          const [, labels, value] = /\{(.*)\} (\S+)$/.exec(line) ?? []
          const values = [...(labels ?? '').matchAll(/="([^"]*)"/g)].map(([, text]) => text)
          return [values.slice(2).join(' '), Number(value)]
        }),
    )
  const see = (findings: readonly Finding[], time: number, producer?: PostureProducer, facts?: PostureFacts) =>
    posture
      .see(SUBJECT, { ...snapshot(findings, producer, facts), time }, time)
      .map(({ kind, severity, change: { subject, from, to } }) => `${kind} ${severity}: ${subject} ${from} -> ${to}`)
  return { posture, exposed, see, evicted: () => evicted }
}

describe('a snapshot', () => {
  it('opens and closes findings, each once, with from and to', () => {
    const { see } = watch()
    expect(see([finding('gateway.bind_no_auth', 'critical'), finding('fs.synced_dir')], NOON)).toEqual([
      'exposure_finding critical: gateway.bind_no_auth closed -> critical',
      'permissions_finding medium: fs.synced_dir closed -> medium',
    ])
    expect(see([finding('gateway.bind_no_auth', 'high')], NOON + 1)).toEqual([
      'finding_closed info: fs.synced_dir medium -> closed',
      'exposure_finding high: gateway.bind_no_auth critical -> high',
    ])
    expect(see([finding('gateway.bind_no_auth', 'high')], NOON + 2)).toEqual([])
  })

  it('that was read before, or is older than the one that is held, changes nothing', () => {
    const { see } = watch()
    see([finding('gateway.bind_no_auth')], NOON)
    expect(see([], NOON)).toEqual([])
    expect(see([], NOON - 1)).toEqual([])
  })

  it('of one producer leaves the findings of the others open; what two of them report is open once, as the more severe', async () => {
    const { see, exposed } = watch()
    see([finding('gateway.bind_no_auth', 'medium')], NOON)
    expect(see([finding('gateway.bind_no_auth', 'critical')], NOON + 1, 'openclaw-doctor')).toHaveLength(1)
    expect(await exposed()).toEqual({ 'gateway.bind_no_auth critical': 1 })
    expect(see([], NOON + 2)).toEqual([])
    expect(see([], NOON + 3, 'openclaw-doctor')).toHaveLength(1)
    expect(await exposed()).toEqual({})
  })

  it('with another version, policy or suppression is a drift, but not the first one that reports it', () => {
    const { see } = watch()
    const policy = (hash: string) => ({ policy_hash: [hash], flags: [hash] })
    expect(see([], NOON, 'openclaw-policy', policy('a'))).toEqual([])
    expect(see([], NOON + 1, 'openclaw-policy', policy('b'))).toEqual(['policy_changed high: policy_hash a -> b'])
    expect(see([], NOON + 2, 'openclaw-policy', {})).toEqual([])
  })
})

describe('a posture without snapshots', () => {
  it('is unknown and not good: its findings are not exposed, and the snapshot is not valid', async () => {
    const { posture, exposed, see } = watch()
    see([finding('gateway.bind_no_auth')], NOON)
    posture.clockReached(NOON + MAX_AGE_MS)
    expect(await exposed()).toEqual({ 'gateway.bind_no_auth medium': 1 })
    expect(await exposed('clawtrust_posture_snapshot_valid')).toEqual({ 'openclaw-audit': 1 })
    posture.clockReached(NOON + MAX_AGE_MS + 1)
    expect(await exposed()).toEqual({})
    expect(await exposed('clawtrust_posture_snapshot_valid')).toEqual({ 'openclaw-audit': 0 })
    expect(await exposed('clawtrust_posture_snapshot_timestamp_seconds')).toEqual({ 'openclaw-audit': NOON / 1000 })
  })

  it('is compared with the last one that was known: compliant at boot, vulnerable after an update', async () => {
    const { posture, exposed, see } = watch()
    expect(see([], NOON)).toEqual([])
    posture.clockReached(NOON + HOUR_MS)
    expect(await exposed('clawtrust_posture_snapshot_valid')).toEqual({ 'openclaw-audit': 1 })
    posture.clockReached(NOON + 3 * DAY_MS)
    expect(await exposed('clawtrust_posture_snapshot_valid')).toEqual({ 'openclaw-audit': 0 })
    expect(see([finding('plugins.code_safety', 'critical')], NOON + 3 * DAY_MS)).toEqual([
      'plugins_finding critical: plugins.code_safety closed -> critical',
    ])
    expect(await exposed()).toEqual({ 'plugins.code_safety critical': 1 })
  })

  it('is forgotten after 30 days', async () => {
    const { posture, exposed, see } = watch()
    see([finding('gateway.bind_no_auth')], NOON)
    posture.changes()
    posture.clockReached(NOON + 30 * DAY_MS + 1)
    expect(await exposed('clawtrust_posture_snapshot_valid')).toEqual({})
    expect(posture.changes()).toEqual([{ name: '["gw","z"]', value: null }])
  })
})

it('is read again by the pipeline without a second event, and a source that brings it hours apart is not silent', async () => {
  const audit: Dialect = {
    ...jsonClaims,
    decode: () => ({
      kind: 'posture_snapshot' as const,
      time: NOON,
      origin: {},
      snapshot: snapshot([finding('gateway.bind_no_auth', 'critical')]),
    }),
  }
  const { pipeline, store } = bench({
    dispatcher: createDispatcher([audit]),
    sources: [{ ...source('log'), isIntermittent: true }],
  })
  const record = { id: '1', body: '{}', gateway: 'gw' }
  for (const _ of [1, 2]) pipeline.ingest('log', batchOf([record]))
  expect(total(store, 'clawtrust_posture_drifts_total', 'exposure_finding')).toBe(1)
  expect(pipeline.view.recentEvents()).toMatchObject([
    { gateway: 'gw', trustZone: 'management-api', change: { subject: 'gateway.bind_no_auth', to: 'critical' } },
  ])
  pipeline.observe()
  let text = ''
  for await (const slice of store.render()) text += slice
  expect(text).toContain('clawtrust_posture_findings{gateway="gw"')
  expect(text).not.toContain('clawtrust_source_last_event_timestamp_seconds{')
})

it('subjects are bounded: the one whose snapshot came longest ago goes first', async () => {
  const { posture, evicted } = watch()
  for (let n = 0; n < 2_010; n++) posture.see({ ...SUBJECT, gateway: `gw-${n}` }, { ...snapshot([]), time: NOON }, NOON)
  expect([[...posture.subjects].length, evicted()]).toEqual([2_000, 10])
  expect([...posture.subjects][0]?.gateway).toBe('gw-10')
})

it('a name that is too long for a label is not held', () => {
  const { posture } = watch()
  posture.see({ ...SUBJECT, gateway: 'x'.repeat(2_000) }, { ...snapshot([]), time: NOON }, NOON)
  expect([...posture.subjects]).toEqual([])
})

it('every check opens with a kind of drift of its own family, but those of identities, which open without one', () => {
  const withDrift = postureChecks.filter(check => !check.startsWith('identity.'))
  expect(withDrift.filter(check => driftKindOf(check) === 'other_finding').slice(0, 20)).toEqual([
    'config.insecure_or_dangerous_flags',
    'security.audit.suppressions.active',
    'security.trust_model.multi_user_heuristic',
    'security.trust_model.cross_agent_session_access_default',
    'summary.attack_surface',
    'security.trust_model.group_scope_main',
    'config.agent_roster.invalid_default_count',
    'other',
  ])
})

describe('whatever snapshots come, and whenever the process restarts', () => {
  const anyFinding = fc.record({
    check: fc.constantFrom<PostureCheck>('gateway.bind_no_auth', 'fs.synced_dir', 'models.legacy', 'other'),
    severity: fc.constantFrom(...severities),
    target: fc.constantFrom('', 'a', 'b'),
    summary: fc.constant(''),
  })
  const step = fc.record({
    findings: fc.array(anyFinding, { maxLength: 6 }).map(distinctFindings),
    producer: fc.constantFrom(...postureProducers.filter(producer => producer !== 'desired-state')),
    passed: fc.integer({ min: -2, max: 20 }).map(hours => hours * HOUR_MS),
    restarts: fc.boolean(),
  })

  it('the gauge is the set of open findings, and the drifts are the differences of the sets', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async steps => {
        const model = new Map<PostureProducer, { time: number; findings: readonly Finding[] }>()
        const severest = (now: number) => {
          const open = new Map<string, Finding>()
          for (const [producer, { time, findings }] of model) {
            if (isScheduled(producer) && now - time > MAX_AGE_MS) continue
            for (const one of findings) {
              const rank = (each?: Finding) => (each === undefined ? -1 : severities.indexOf(each.severity))
              if (rank(one) > rank(open.get(findingKey(one)))) open.set(findingKey(one), one)
            }
          }
          return open
        }
        const always = Number.NEGATIVE_INFINITY
        const saved = new Map<string, Json>()
        let watched = watch()
        let [time, now] = [NOON, NOON]
        for (const { findings, producer, passed, restarts } of steps) {
          time += passed
          now = Math.max(now, time)
          const before = severest(always)
          if ((model.get(producer)?.time ?? 0) < time) model.set(producer, { time, findings })
          const after = severest(always)
          const drifts = watched.posture.see(SUBJECT, { ...snapshot(findings, producer), time }, now)
          const keys = new Set([...before.keys(), ...after.keys()])
          const differing = [...keys].filter(key => before.get(key)?.severity !== after.get(key)?.severity)
          expect(drifts.length).toBe(differing.length)
          for (const { name, value } of watched.posture.changes()) saved.set(name, JSON.parse(JSON.stringify(value)))
          if (restarts) {
            watched = watch()
            watched.posture.restore([...saved].map(([name, value]) => ({ name, value })))
          }
          watched.posture.clockReached(now)
          const expected: Record<string, number> = {}
          for (const { check, severity } of severest(now).values()) {
            expected[`${check} ${severity}`] = (expected[`${check} ${severity}`] ?? 0) + 1
          }
          expect(await watched.exposed()).toEqual(expected)
        }
      }),
      { numRuns: 60 },
    )
  })
})
