import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { judgeTest } from '../../../compliance/controls/judge.ts'
import { findings } from '../../../compliance/evidence/findings.ts'
import type { FindingMeasure } from '../../../compliance/evidence/findings-request.ts'
import type { Period } from '../../../compliance/evidence/period.ts'
import type { Reading } from '../../../compliance/evidence/reading.ts'
import type { MetricSeries, MetricStore, Stores } from '../../../compliance/evidence/stores.ts'
import { DAY_MS, HOUR_MS } from '../../../core/clock.ts'
import { Devices } from '../../../exporter/pipeline/posture/devices.ts'
import { Posture } from '../../../exporter/pipeline/posture/posture.ts'
import { SavedParts } from '../../../exporter/pipeline/saved-parts.ts'
import { createSeriesStore } from '../../../service/series/store.ts'
import { openStateFolder } from '../../../service/state/folder.ts'
import { openStateView } from '../../../service/views/state-file.ts'
import { databaseFolder } from '../../database-folder.ts'
import { transaction } from '../../service/state/transactions.ts'
import { boundedFailures } from '../controls/judged.ts'
import { contextOf, periodOf } from './context.ts'

const END = Date.parse('2026-11-30T00:00:00Z')
const PERIOD = periodOf(END - 30 * DAY_MS, END)
const edge = { gateway: 'edge-1', trustZone: 'edge' }
const lab = { gateway: 'lab-1', trustZone: 'lab' }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(databaseFolder(), 'clawtrust-findings-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A state as the exporter saves it after this. */
async function save(work: (posture: Posture, devices: Devices) => void): Promise<Stores> {
  const store = createSeriesStore()
  const posture = new Posture({ store, onEvicted: () => {} })
  const requirements = [{ os_version: '14' }]
  const devices = new Devices({ store, maxAge: 26 * HOUR_MS, requirements, onEvicted: () => {} })
  work(posture, devices)
  const { documents } = new SavedParts([posture, posture.acceptances, devices]).changes()
  const { database } = await openStateFolder(folder)
  await database.commit(transaction({ documents }))
  await database.close()
  return { state: openStateView(join(folder, 'state.db')) }
}

type More = Partial<Parameters<typeof findings.read>[0]>

async function read(stores: Stores, measure: FindingMeasure, more: More = {}, period: Period = PERIOD) {
  const request = { from: 'findings' as const, measure, max_age: '26h', ...more }
  return findings.read(request, contextOf(period, stores))
}

/** As a control asks: no finding, with the telemetry of posture read all the time. */
function judgedAtMostZero(reading: Reading) {
  const found = { source: 'posture', observers: ['posture'], share: 1, lastEvent: END - HOUR_MS, gaps: [] } as const
  return judgeTest(
    {
      ...boundedFailures,
      threshold: { bound: 'at_most', value: 0, parameter: '' },
      telemetry: ['posture'],
      freshness: null,
    },
    { reading, fault: '', unit: 'findings' },
    { period: PERIOD, coverage: { sources: [found] } },
  )
}

const finding = (check: string, severity: string, target = '') =>
  ({ check, severity, target, summary: 'Words.' }) as never

const audit = (...found: never[]) => ({ producer: 'openclaw-audit', findings: found, facts: {} }) as const

describe('evidence of findings', () => {
  it('counts what is open and what is accepted, each once, by a state that the exporter saved', async () => {
    const stores = await save(posture => {
      const time = END - 2 * HOUR_MS
      posture.see(
        edge,
        { ...audit(finding('gateway.bind_no_auth', 'critical'), finding('hooks.path_root', 'low', 'a')), time },
        time,
      )
      posture.see(
        edge,
        { producer: 'openclaw-doctor', findings: [finding('hooks.path_root', 'high', 'a')], facts: {}, time },
        time,
      )
      posture.see(
        lab,
        { ...audit(finding('hooks.path_root', 'low', 'b'), finding('fs.synced_dir', 'info')), time },
        time,
      )
      const accepted = { who: 'alice', why: 'lab only', accepted: END - DAY_MS, until: END + DAY_MS }
      posture.accept({ check: 'hooks.path_root', gateway: 'lab-1', ...accepted })
      posture.accept({ check: 'fs.synced_dir', ...accepted, until: END - HOUR_MS })
    })
    const open = await read(stores, 'open')
    expect(open).toMatchObject({
      store: 'state',
      value: 3,
      byZone: { edge: 2, lab: 1 },
      newest: END - 2 * HOUR_MS,
      gaps: [],
    })
    expect(open.result).toMatchObject({
      findings: [
        { gateway: 'edge-1', check: 'gateway.bind_no_auth', severity: 'critical', accepted: null },
        { gateway: 'edge-1', check: 'hooks.path_root', severity: 'high', target: 'a' },
        { gateway: 'lab-1', check: 'fs.synced_dir', severity: 'info' },
      ],
    })
    const accepted = await read(stores, 'accepted')
    expect(accepted.result).toMatchObject({
      findings: [
        {
          check: 'hooks.path_root',
          accepted: { owner: 'alice', reason: 'lab only', until: '2026-12-01T00:00:00.000Z' },
        },
      ],
    })
    expect((await read(stores, 'open', { severities: ['critical', 'high'] })).value).toBe(2)
    expect((await read(stores, 'open', { checks: ['hooks.', 'sandbox.'] })).value).toBe(1)
    expect((await read(stores, 'snapshots_invalid')).value).toBe(0)
    stores.state?.close()
  })

  it('takes the name of a check whole, and its beginning where it ends with a dot or a slash', () => {
    const taken = (check: string) =>
      findings.schema.safeParse({ from: 'findings', measure: 'open', checks: [check] }).success
    expect(['gateway.bind_no_auth', 'gateway.', 'policy/', 'identity.'].map(taken)).toEqual([true, true, true, true])
    // Nothing has such a finding, which would be counted as zero.
    expect(['gateway.bind', 'gateways.', 'no_such_check', ''].map(taken)).toEqual([false, false, false, false])
  })

  it('does not believe a snapshot that is too old, however short before the end it became so', async () => {
    const stores = await save(posture => {
      posture.see(edge, { ...audit(), time: END - 2 * HOUR_MS }, END - 2 * HOUR_MS)
      posture.see(lab, { ...audit(finding('fs.synced_dir', 'high')), time: END - 27 * HOUR_MS }, END - 27 * HOUR_MS)
    })
    const open = await read(stores, 'open')
    const reason = 'its newest snapshot, of 2026-11-28T21:00:00.000Z, is too old to say what is open at the end'
    expect(open).toMatchObject({
      value: 0,
      gaps: [{ of: 'posture of lab-1 by openclaw-audit', start: PERIOD.start, end: END, reason }],
    })
    expect(judgedAtMostZero(open).outcome).toBe('unknown')
    expect((await read(stores, 'snapshots_invalid')).value).toBe(1)
    stores.state?.close()
  })

  it('is unknown, never zero, where no snapshot is valid, none is there, or all are of a later time', async () => {
    const old = await save(posture => posture.see(edge, { ...audit(), time: END - 9 * DAY_MS }, END - 9 * DAY_MS))
    expect((await read(old, 'open')).value).toBeNull()
    const earlier = periodOf(END - 60 * DAY_MS, END - 30 * DAY_MS)
    expect(await read(old, 'open', {}, earlier)).toMatchObject({ value: null, gaps: [{ of: 'posture' }] })
    for (const measure of ['devices_trusted', 'devices_untrusted', 'devices_unknown'] as const)
      expect((await read(old, measure)).value).toBeNull()
    old.state?.close()
    expect((await read({}, 'open')).value).toBeNull()
  })

  it('counts devices by posture; one without a record for a day is unknown', async () => {
    const stores = await save((_, devices) => {
      devices.see(edge, { device: 'laptop-1', set: { os_version: ['15.1'] } }, END - HOUR_MS)
      devices.see(edge, { device: 'laptop-2', set: { os_version: ['13.0'] } }, END - HOUR_MS)
      devices.see(lab, { device: 'phone-1', set: { os_version: ['15.1'] } }, END - 5 * DAY_MS)
    })
    expect((await read(stores, 'devices_trusted')).value).toBe(1)
    expect(await read(stores, 'devices_untrusted')).toMatchObject({
      value: 1,
      samples: ['laptop-2'],
      byZone: { edge: 1 },
      count: 3,
    })
    expect(await read(stores, 'devices_unknown')).toMatchObject({ value: 1, samples: ['phone-1'], byZone: { lab: 1 } })
    stores.state?.close()
  })
})

/** Answers an expression about a metric with its series. */
function prometheus(series: Readonly<Record<string, readonly MetricSeries[]>>): MetricStore {
  return {
    address: 'http://prometheus',
    instant: async expression => series[/clawtrust_\w+/.exec(expression)?.[0] ?? ''] ?? [],
    range: async () => [],
  }
}

const sample = (labels: Record<string, string>, value: number): MetricSeries => ({
  labels: { ...labels, gateway: 'edge-1', trust_zone: 'edge' },
  samples: [[END, value]],
})

describe('evidence of findings without a state', () => {
  const valid = { clawtrust_posture_snapshot_valid: [sample({ producer: 'openclaw-audit' }, 1)] }

  it('is what the exporter exposed at the end of the period', async () => {
    const store = prometheus({
      ...valid,
      clawtrust_posture_findings: [
        sample({ check: 'gateway.bind_no_auth', severity: 'critical' }, 2),
        sample({ check: 'hooks.path_root', severity: 'low' }, 1),
      ],
    })
    expect(await read({ prometheus: store }, 'open')).toMatchObject({
      store: 'prometheus',
      value: 3,
      byZone: { edge: 3 },
      query: { time: '2026-11-30T00:00:00.000Z' },
    })
    expect((await read({ prometheus: store }, 'open', { severities: ['low'] })).value).toBe(1)
  })

  it('is zero where a valid snapshot was exposed and no finding, and unknown without', async () => {
    expect((await read({ prometheus: prometheus(valid) }, 'open')).value).toBe(0)
    expect((await read({ prometheus: prometheus({}) }, 'open')).value).toBeNull()
    const invalid = prometheus({ clawtrust_posture_snapshot_valid: [sample({ producer: 'openclaw-audit' }, 0)] })
    expect((await read({ prometheus: invalid }, 'open')).value).toBeNull()
    expect((await read({ prometheus: invalid }, 'snapshots_invalid')).value).toBe(1)
  })

  it('is not zero where a gateway of the period shows nothing valid at its end', async () => {
    const of = (gateway: string, value: number): MetricSeries => ({
      labels: { producer: 'openclaw-audit', gateway, trust_zone: 'edge' },
      samples: [[END, value]],
    })
    const ofPeriod = [of('edge-1', 1), of('edge-2', 1), of('edge-3', 1)]
    const store: MetricStore = {
      address: 'http://prometheus',
      range: async () => [],
      instant: async expression => {
        if (expression.includes('max_over_time')) return ofPeriod
        return expression.includes('snapshot_valid') ? [of('edge-1', 1), of('edge-2', 0)] : []
      },
    }
    const open = await read({ prometheus: store }, 'open')
    expect(open.gaps?.map(gap => gap.of)).toEqual([
      'posture of edge-2 by openclaw-audit',
      'posture of edge-3 by openclaw-audit',
    ])
    expect(judgedAtMostZero(open).outcome).toBe('unknown')
    expect((await read({ prometheus: store }, 'snapshots_invalid')).gaps?.map(gap => gap.of)).toEqual([
      'posture of edge-3 by openclaw-audit',
    ])
  })

  it('is asked where the state no longer holds the end of the period', async () => {
    const late = await save(posture => posture.see(edge, { ...audit(), time: END + 9 * DAY_MS }, END + 9 * DAY_MS))
    expect(await read({ ...late, prometheus: prometheus(valid) }, 'open')).toMatchObject({
      store: 'prometheus',
      value: 0,
    })
    late.state?.close()
  })

  it('has words and a unit for every measure', () => {
    for (const measure of findings.schema.shape.measure.options) {
      const request = findings.schema.parse({ from: 'findings', measure })
      expect(findings.sentence(request)).toMatch(/^[A-Z].{10,80}$/)
      expect(findings.unit(request)).toMatch(/^(findings|snapshots|devices)$/)
    }
  })
})
