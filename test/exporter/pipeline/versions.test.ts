import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import type { ObservedVersion } from '../../../exporter/pipeline/versions/observed-versions.ts'
import type { SavedState } from '../../../service/state/state.ts'
import { syntheticLines } from '../../decoding/dialects/guard-records.ts'
import { realLines } from '../../decoding/fixtures.ts'
import { type Bench, batchOf, bench, NOON, source } from './fixtures.ts'

const status = JSON.parse(
  readFileSync(new URL('../../fixtures/openclaw/posture/status.real.json', import.meta.url), 'utf8'),
)
const lineWith = (text: string): string => realLines.find(line => JSON.parse(line).message.startsWith(text)) ?? ''
/** A refused sign-in, as OpenClaw 2026.9.6 wrote it. */
const refused = lineWith('closed before connect')
const warning = lineWith('non-local Host') || lineWith('Loopback connection')
let serial = 0

/** A captured line at another time. */
const atTime = (line: string, time: number): string => {
  const { _meta, ...fields } = JSON.parse(line)
  const iso = new Date(time).toISOString()
  return JSON.stringify({ ...fields, _meta: { ..._meta, date: iso }, time: iso })
}
/** The same line in other words. */
const reworded = (line: string) => line.replaceAll('closed before connect', 'connection refused before admission')
/** A line of which no release is known. */
const saying = (text: string) => {
  const { message } = JSON.parse(warning)
  return warning.replaceAll(JSON.stringify(message).slice(1, -1), text)
}
const statusOf = (version: string, time: number): string =>
  JSON.stringify({ ...status, runtimeVersion: version, ts: new Date(time).toISOString() })

const [allowed = ''] = syntheticLines('openshell/ocsf.synthetic.jsonl')
/** An event of OpenShell in a version, of a class that is known or not. */
const ofOpenshell = (version: string, time: number, change: object = {}): string => {
  const { metadata, ...event } = JSON.parse(allowed)
  const product = { ...metadata.product, version }
  return JSON.stringify({ ...event, ...change, time, metadata: { ...metadata, product, uid: `uid-${++serial}` } })
}

interface Watch extends Bench {
  read(lines: readonly string[], gateway?: string): void
  /** One record or several a minute, for so many minutes. */
  run(minutes: number, linesAt: (time: number, minute: number) => readonly string[]): void
  versions(): Readonly<Record<string, ObservedVersion>>
  exposed(metric: string): Promise<Readonly<Record<string, number>>>
}

function watch(saved?: SavedState, at = NOON): Watch {
  const made = bench({ dispatcher: createDispatcher(dialects), sources: [source('log')] })
  const { pipeline, clock, store } = made
  clock.time = at
  if (saved !== undefined) {
    store.restore(saved.series)
    pipeline.restore(saved)
  }
  const read = (lines: readonly string[], gateway = 'gw') => {
    const records = lines.map(body => ({ id: `${++serial}`, body, gateway }))
    pipeline.ingest('log', batchOf(records, { watermark: clock.now() }))
  }
  return {
    ...made,
    read,
    run(minutes, linesAt) {
      for (let minute = 0; minute < minutes; minute++) {
        read(linesAt(clock.time, minute))
        clock.time += MINUTE_MS
      }
    },
    versions() {
      pipeline.observe()
      return Object.fromEntries(
        pipeline.view.versions
          .list()
          .flatMap(({ versions, product }) => versions.map(each => [`${product} ${each.version}`, each] as const)),
      )
    },
    async exposed(metric) {
      pipeline.observe()
      store.publish(store.changes())
      let text = ''
      for await (const slice of store.render()) text += slice
      return Object.fromEntries(
        [...text.matchAll(new RegExp(`^${metric}\\{(.*)\\} (\\d+)$`, 'gm'))].map(([, labels = '', value]) => [
          labels.replace(/\w+=/g, '').replaceAll('"', ''),
          Number(value),
        ]),
      )
    },
  }
}

/** Two hours of a version of OpenClaw that is reported each hour. */
function lifeOf(watched: Watch, version: string, wording: (line: string) => string, minutes = 180): void {
  watched.run(minutes, (time, minute) => [
    ...(minute % 60 === 59 ? [statusOf(version, time)] : []),
    wording(atTime(refused, time)),
    ...(minute % 30 === 7 ? [atTime(saying('a rare line that nothing decodes'), time)] : []),
  ])
}

const same = (line: string) => line

describe('an upgrade of OpenClaw', () => {
  it('that changes the wording of a line is a change of its log, by its name and with a sample', async () => {
    const watched = watch()
    lifeOf(watched, '2026.9.6', same)
    lifeOf(watched, '2026.10.1', reworded)
    expect(await watched.exposed('clawtrust_product_log_changed')).toEqual({
      'gw,openclaw,2026.9.6': 0,
      'gw,openclaw,2026.10.1': 1,
    })
    expect(await watched.exposed('clawtrust_product_new_templates')).toMatchObject({ 'gw,openclaw,2026.10.1': 1 })
    expect(await watched.exposed('clawtrust_product_info')).toEqual({ 'gw,openclaw,2026.10.1': 1 })
    expect(watched.versions()['openclaw 2026.10.1']).toMatchObject({
      isCurrent: true,
      minutes: 180,
      newTemplates: [
        'gateway/ws: connection refused before admission conn=<*> peer=<*> remote=<*> fwd=<*> origin=<*> host=<*> ua=<*> code=<*> reason=<*> phase=<*>',
      ],
      hasMoreUndecoded: true,
    })
  })

  it('that changes nothing is silent', async () => {
    const watched = watch()
    lifeOf(watched, '2026.9.6', same)
    lifeOf(watched, '2026.10.1', same)
    expect(await watched.exposed('clawtrust_product_log_changed')).toEqual({
      'gw,openclaw,2026.9.6': 0,
      'gw,openclaw,2026.10.1': 0,
    })
    expect(watched.versions()['openclaw 2026.10.1']).toMatchObject({ newTemplates: [], hasMoreUndecoded: false })
  })

  it('is silent about a line that is rare, on a day with many records', () => {
    const watched = watch()
    lifeOf(watched, '2026.9.6', same)
    watched.run(600, (time, minute) => [
      ...(minute % 60 === 59 ? [statusOf('2026.10.1', time)] : []),
      ...Array.from({ length: 20 }, () => atTime(refused, time)),
      // A burst of ten seconds, and one that is seen again and again, but seldom.
      ...(minute === 30 ? Array.from({ length: 500 }, () => atTime(saying('disk is full'), time)) : []),
      ...(minute % 120 === 9 ? [atTime(saying('a cache was lost'), time)] : []),
    ])
    expect(watched.versions()['openclaw 2026.10.1']).toMatchObject({ newTemplates: [], hasMoreUndecoded: false })
  })

  it('has what was written before its first report, and its predecessor has none of it', () => {
    const watched = watch()
    lifeOf(watched, '2026.9.6', same)
    watched.run(50, time => [reworded(atTime(refused, time))])
    expect(watched.versions()['openclaw 2026.9.6']).toMatchObject({ minutes: 180, isCurrent: true })
    watched.read([statusOf('2026.10.1', watched.clock.time)])
    expect(watched.versions()['openclaw 2026.9.6']).toMatchObject({ minutes: 180, isCurrent: false })
    expect(watched.versions()['openclaw 2026.10.1']).toMatchObject({ minutes: 50, isCurrent: true })
    expect(watched.versions()['openclaw 2026.10.1']?.newTemplates).toHaveLength(1)
  })

  it('is found where the log of a day is read before the reports of its versions, and after them', () => {
    for (const isLogFirst of [true, false]) {
      const watched = watch()
      const from = NOON - 8 * HOUR_MS
      const log = Array.from({ length: 480 }, (_, minute) => {
        const line = atTime(refused, from + minute * MINUTE_MS)
        return minute < 240 ? line : reworded(line)
      })
      const reports = Array.from({ length: 8 }, (_, hour) =>
        statusOf(hour < 4 ? '2026.9.6' : '2026.10.1', from + (hour + 1) * HOUR_MS - MINUTE_MS),
      )
      for (const lines of isLogFirst ? [log, reports] : [reports, log]) watched.read(lines)
      expect(watched.versions()['openclaw 2026.9.6']).toMatchObject({ undecodedMinutes: 0 })
      expect(watched.versions()['openclaw 2026.10.1']?.newTemplates).toHaveLength(1)
    }
  })

  it('is over a day after the last record of the new wording, and a week after its first record', async () => {
    const watched = watch()
    lifeOf(watched, '2026.9.6', same)
    lifeOf(watched, '2026.10.1', reworded)
    watched.clock.time += 25 * HOUR_MS
    lifeOf(watched, '2026.10.1', same)
    expect(watched.versions()['openclaw 2026.10.1']?.newTemplates).toEqual([])
    lifeOf(watched, '2026.10.1', reworded)
    expect(watched.versions()['openclaw 2026.10.1']?.newTemplates).toHaveLength(1)
    watched.clock.time += 7 * DAY_MS
    lifeOf(watched, '2026.10.1', reworded)
    expect(watched.versions()['openclaw 2026.10.1']?.newTemplates).toEqual([])
  })

  it('is found the same after a restart at any moment', () => {
    const whole = watch()
    lifeOf(whole, '2026.9.6', same)
    lifeOf(whole, '2026.10.1', reworded)
    const expected = whole.versions()
    for (const minutes of [1, 170, 181, 239, 241]) {
      const first = watch()
      serial = 0
      const lives = (watched: Watch, from: number, to: number) => {
        for (let minute = from; minute < to; minute++) {
          const [version, wording] = minute < 180 ? (['2026.9.6', same] as const) : (['2026.10.1', reworded] as const)
          const inLife = minute % 180
          watched.read([
            ...(inLife % 60 === 59 ? [statusOf(version, watched.clock.time)] : []),
            wording(atTime(refused, watched.clock.time)),
            ...(inLife % 30 === 7 ? [atTime(saying('a rare line that nothing decodes'), watched.clock.time)] : []),
          ])
          watched.clock.time += MINUTE_MS
        }
      }
      lives(first, 0, minutes)
      const { minutes: closed, documents, blobs, cursors } = first.pipeline.changes()
      const state = { series: first.store.changes(), minutes: [], documents, blobs, cursors } as unknown as SavedState
      expect(closed).toBeDefined()
      const second = watch(state, first.clock.time)
      lives(second, minutes, 360)
      expect(second.versions()).toEqual(expected)
    }
  })
})

describe('versions of guards', () => {
  it('are in each record, and an event class that is new with one is a change of its log', async () => {
    const watched = watch()
    watched.run(120, time => [ofOpenshell('0.1.5', time)])
    watched.run(120, (time, minute) => [
      ofOpenshell('0.2.0', time),
      ...(minute % 4 === 0 ? [ofOpenshell('0.2.0', time, { class_uid: 9_999 })] : []),
    ])
    expect(await watched.exposed('clawtrust_product_log_changed')).toEqual({
      'gw,openshell,0.1.5': 0,
      'gw,openshell,0.2.0': 1,
    })
    expect(watched.versions()['openshell 0.2.0']?.newTemplates.join()).toMatch(/^class_uid=9999 /)
    expect(await watched.exposed('clawtrust_product_records_total')).toEqual({
      'gw,openshell,0.1.5': 120,
      'gw,openshell,0.2.0': 150,
    })
    expect(await watched.exposed('clawtrust_product_undecoded_records_total')).toEqual({
      'gw,openshell,0.2.0,unknown_template': 30,
    })
  })

  it('that are no versions, or too many, are other, and name none', async () => {
    const watched = watch()
    watched.run(60, time => [ofOpenshell('0.1.5', time)])
    const hostile = ['main', '1.2"} 1\nevil{', '9'.repeat(40), '../etc', '0.1.5 ']
    watched.read(hostile.map(version => ofOpenshell(version, watched.clock.time)))
    watched.read(Array.from({ length: 5_000 }, (_, n) => ofOpenshell(`6.6.${n}`, watched.clock.time)))
    const records = await watched.exposed('clawtrust_product_records_total')
    expect(Object.keys(records)).toHaveLength(7)
    // What is no version by the grammar of guards is not reported by them, and counts for the current one.
    expect(records['gw,openshell,other']).toBeGreaterThan(4_990)
    expect(Object.values(records).reduce((sum, count) => sum + count, 0)).toBe(60 + hostile.length + 5_000)
    expect(watched.pipeline.view.versions.list()[0]?.versions).toHaveLength(6)
  })
})

describe('a flood of undecodable lines', () => {
  const word = (n: number) => [...String(n)].map(digit => 'qwertyuiop'[Number(digit)]).join('o')
  const flood = (time: number, count = 100) =>
    Array.from({ length: count }, () => atTime(saying(`strange ${word(++serial)} happened`), time))

  it('that goes on through an upgrade, or begins after it, names no version', () => {
    for (const begins of [0, 180, 200]) {
      const watched = watch()
      let minutes = 0
      for (const version of ['2026.9.6', '2026.10.1']) {
        watched.run(180, (time, minute) => [
          ...(minute % 60 === 59 ? [statusOf(version, time)] : []),
          atTime(refused, time),
          ...(minutes++ >= begins ? flood(time, 20) : []),
          // The same line in each minute, among many others.
          ...(minutes > begins ? [atTime(saying('a line that a client causes'), time)] : []),
        ])
      }
      expect(watched.versions()['openclaw 2026.10.1']).toMatchObject({ newTemplates: [], hasMoreUndecoded: false })
    }
  })

  it.each([
    ['before an upgrade', 0],
    ['after it', 181],
  ])('of one minute %s does not hide a new template', (_when, at) => {
    const watched = watch()
    let minutes = 0
    for (const version of ['2026.9.6', '2026.10.1']) {
      watched.run(180, (time, minute) => [
        ...(minute % 60 === 59 ? [statusOf(version, time)] : []),
        atTime(refused, time),
        ...(minutes++ === at ? flood(time) : []),
        ...(version === '2026.10.1' ? [atTime(saying('a line of the new version'), time)] : []),
      ])
    }
    const { newTemplates } = watched.versions()['openclaw 2026.10.1'] ?? {}
    expect(newTemplates?.join()).toContain('a line of the new version')
  })

  it('that fills the table of templates does not hide a later new template for long', () => {
    const watched = watch()
    lifeOf(watched, '2026.9.6', line => line)
    const lines = Array.from({ length: 64 }, (_, n) => saying(`strange ${word(100 + n)} happened`))
    watched.run(360, (time, minute) => [
      ...(minute % 60 === 59 ? [statusOf('2026.10.1', time)] : []),
      atTime(refused, time),
      ...(minute < 3 ? lines.map(line => atTime(line, time)) : []),
      ...(minute >= 60 ? [atTime(saying('a line of the new version'), time)] : []),
    ])
    expect(watched.versions()['openclaw 2026.10.1']?.newTemplates).toEqual(['gateway/ws: a line of the new version'])
  })

  it('does not hide the change of an upgrade, which takes a signal away', () => {
    const watched = watch()
    lifeOf(watched, '2026.9.6', line => line)
    watched.run(180, (time, minute) => [
      ...(minute % 60 === 59 ? [statusOf('2026.10.1', time)] : []),
      reworded(atTime(refused, time)),
      ...flood(time, 10),
    ])
    const { newTemplates, hasMoreUndecoded } = watched.versions()['openclaw 2026.10.1'] ?? {}
    expect(hasMoreUndecoded).toBe(true)
    expect(newTemplates?.join()).toContain('connection refused before admission')
  })

  it('does not make the state or the labels grow, from as many gateways and versions as it likes', async () => {
    const watched = watch()
    for (let n = 0; n < 2_000; n++) {
      watched.read([...flood(watched.clock.time, 3), statusOf(`6.${n}.0`, watched.clock.time)], `gw-${n % 700}`)
      watched.clock.time += MINUTE_MS
    }
    watched.pipeline.changes()
    const list = watched.pipeline.view.versions.list()
    expect(list).toHaveLength(500)
    for (const { versions } of list) expect(versions.length).toBeLessThanOrEqual(6)
    const one = watch()
    one.read([statusOf('1.0.0', NOON), ...flood(NOON, 5_000), statusOf('1.0.0', NOON)])
    const { documents } = one.pipeline.changes()
    const row = documents.find(({ name }) => name.startsWith('product-versions/'))
    expect(JSON.stringify(row).length).toBeLessThan(20_000)
    expect(await one.exposed('clawtrust_product_undecoded_records_total')).toEqual({
      'gw,openclaw,1.0.0,unknown_template': 5_000,
    })
  })
})
