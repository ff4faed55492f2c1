import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import type { GuardState } from '../../../core/labels/guards.ts'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import type { ConfiguredGuard } from '../../../exporter/pipeline/guards.ts'
import type { SavedGuard } from '../../../exporter/pipeline/watched-guard.ts'
import type { SeriesStore } from '../../../service/series/series.ts'
import { syntheticLines } from '../../decoding/dialects/guard-records.ts'
import { type Bench, batchOf, bench, NOON, source, total } from './fixtures.ts'

const openshell: ConfiguredGuard = { guard: 'openshell', gateway: 'gw', silence: 15 * MINUTE_MS, busyEvents: 5 }

/** `guard state up busy` of each guard, by gateway. */
async function exposed(store: SeriesStore): Promise<Readonly<Record<string, string>>> {
  let text = ''
  for await (const slice of store.render()) text += slice
  const gaugeOf = (metric: string, labels: string) =>
    Number(new RegExp(`^${metric}\\{${labels}\\} (\\d)$`, 'm').exec(text)?.[1])
  const states = text.matchAll(
    /^clawtrust_guard_state\{gateway="([^"]+)",trust_zone="guard",guard="(\w+)",state="(\w+)"\} 1$/gm,
  )
  return Object.fromEntries(
    [...states].map(([, gateway, guard, state]) => {
      const labels = `gateway="${gateway}",trust_zone="guard",guard="${guard}"`
      const [up, busy] = [gaugeOf('clawtrust_guard_up', labels), gaugeOf('clawtrust_guard_busy', labels)]
      return [`${gateway} ${guard}`, `${state}${up === 1 ? ' up' : ''}${busy === 1 ? ' busy' : ''}`]
    }),
  )
}

const [allowed = ''] = syntheticLines('openshell/ocsf.synthetic.jsonl')
const ofClass = (text: string) =>
  syntheticLines('openshell/ocsf.synthetic.jsonl').find(line => line.includes(text)) ?? ''
const v8 = syntheticLines('defenseclaw/v8.synthetic.jsonl')
const blocked = v8[5] ?? ''
let serial = 0

const atTime = (line: string, time: number): string => {
  const record = JSON.parse(line)
  const id = `rec-${++serial}`
  if ('class_uid' in record) return JSON.stringify({ ...record, time, metadata: { ...record.metadata, uid: id } })
  return JSON.stringify({ ...record, timestamp: new Date(time).toISOString(), record_id: id })
}

/** What OpenClaw refused an agent. */
const blockedTool = (time: number) =>
  JSON.stringify({
    type: 'security.event',
    action: 'tool.execution.blocked',
    outcome: 'denied',
    severity: 'medium',
    ts: time,
  })
const refusedSignIn = (time: number) =>
  JSON.stringify({
    type: 'security.event',
    action: 'gateway.auth.failed',
    outcome: 'failure',
    reason: 'token_mismatch',
    ts: time,
  })

interface Watch extends Bench {
  /** Reads lines of the source, at whose end it is. */
  read(name: 'guard' | 'log', lines: readonly string[], gateway?: string): void
  /** Sets the clock, to which the sources are read except for those given. */
  pass(to: number, except?: readonly string[]): void
  states(): Promise<Readonly<Record<string, string>>>
}

function watch(guards: readonly ConfiguredGuard[] = []): Watch {
  const made = bench({ dispatcher: createDispatcher(dialects), sources: [source('guard'), source('log')], guards })
  const { pipeline, clock, store } = made
  const ingest = (name: string, lines: readonly string[], gateway: string) =>
    pipeline.ingest(
      name,
      batchOf(
        lines.map(body => ({ id: `${++serial}`, body, gateway })),
        { watermark: clock.now() },
      ),
    )
  return {
    ...made,
    read: (name, lines, gateway = 'gw') => ingest(name, lines, gateway),
    pass: (to, except = []) => {
      clock.time = to
      for (const name of ['guard', 'log']) if (!except.includes(name)) ingest(name, [], 'gw')
    },
    states: () => {
      pipeline.observe()
      return exposed(store)
    },
  }
}

const acts = (from: number, count = 5) => Array.from({ length: count }, (_, n) => blockedTool(from + n * 1_000))

describe('a guard beside a gateway', () => {
  it('is watched once its records were read, and is up while it inspects', async () => {
    const { read, pass, states } = watch()
    expect(await states()).toEqual({})
    read('guard', [atTime(allowed, NOON - 1_000)])
    pass(NOON + MINUTE_MS)
    expect(await states()).toEqual({ 'gw openshell': 'up up' })
  })

  it('is unknown, and no alert, while its gateway is idle and nothing is written', async () => {
    const { read, pass, states } = watch([openshell])
    pass(NOON + HOUR_MS)
    expect(await states()).toEqual({ 'gw openshell': 'unknown' })
    read('guard', [atTime(allowed, NOON + HOUR_MS)])
    pass(NOON + 3 * HOUR_MS)
    expect(await states()).toEqual({ 'gw openshell': 'unknown' })
  })

  it('is silent where agents act and it inspects nothing, also where it never wrote a record', async () => {
    const { read, pass, states } = watch([openshell])
    pass(NOON)
    read('log', acts(NOON - MINUTE_MS))
    expect(await states()).toEqual({ 'gw openshell': 'silent busy' })
    pass(NOON + 20 * MINUTE_MS)
    expect(await states()).toEqual({ 'gw openshell': 'unknown' })
  })

  it('is silent although its process writes that it runs', async () => {
    const { read, pass, states } = watch([openshell])
    pass(NOON)
    read('guard', [atTime(ofClass('Starting sandbox'), NOON - 1_000)])
    read('log', acts(NOON - MINUTE_MS))
    expect(await states()).toEqual({ 'gw openshell': 'silent busy' })
    read('guard', [atTime(allowed, NOON)])
    expect(await states()).toEqual({ 'gw openshell': 'up up busy' })
  })

  it('is not made silent by clients that fail to sign in', async () => {
    const { read, pass, states } = watch([openshell])
    pass(NOON)
    read(
      'log',
      Array.from({ length: 500 }, (_, n) => refusedSignIn(NOON - n * 100)),
    )
    expect(await states()).toEqual({ 'gw openshell': 'unknown' })
  })

  it('is made silent by what another guard of the gateway inspects', async () => {
    const { read, pass, states } = watch([openshell])
    pass(NOON)
    read(
      'guard',
      Array.from({ length: 5 }, (_, n) => atTime(blocked, NOON - n * 1_000)),
    )
    expect(await states()).toEqual({ 'gw openshell': 'silent busy', 'gw defenseclaw': 'up up busy' })
  })

  it('is judged only up to where its source is read: one with a lag is not silent, one that is stuck is unknown', async () => {
    const { read, pass, states } = watch([openshell])
    pass(NOON)
    read('guard', [atTime(allowed, NOON - 1_000)])
    pass(NOON + 10 * MINUTE_MS, ['guard'])
    read('log', acts(NOON + 5 * MINUTE_MS))
    expect(await states()).toEqual({ 'gw openshell': 'up up' })
    pass(NOON + 16 * MINUTE_MS, ['guard'])
    expect(await states()).toEqual({ 'gw openshell': 'unknown' })
    pass(NOON + 18 * MINUTE_MS)
    expect(await states()).toEqual({ 'gw openshell': 'silent busy' })
  })

  it.each([
    ['degraded', 'subsystem.degraded"', 24 * HOUR_MS],
    ['fail_open', 'aid_unavailable', HOUR_MS],
  ] as const)('is %s by its own report until it says otherwise, or for a time', async (state, text, holds) => {
    const report = v8.find(line => line.includes(text)) ?? ''
    const heardAt = (time: number) => [atTime(blocked, time)]
    const { read, pass, states } = watch()
    pass(NOON)
    read('guard', [atTime(report, NOON - 1_000), ...heardAt(NOON)])
    expect(await states()).toEqual({ 'gw defenseclaw': state })
    for (const [after, wanted] of [
      [holds - 2_000, state],
      [holds, 'up up'],
    ] as const) {
      pass(NOON + after)
      read('guard', heardAt(NOON + after))
      expect(await states()).toEqual({ 'gw defenseclaw': wanted })
    }
  })

  it('is up again where the part that was degraded is ready', async () => {
    const health = (text: string, time: number) => atTime(v8.find(line => line.includes(text)) ?? '', time)
    const { read, pass, states } = watch()
    pass(NOON)
    const reports = [health('subsystem.degraded"', NOON - 3_000), health('subsystem.ready', NOON - 2_000)]
    read('guard', [...reports, atTime(blocked, NOON)])
    expect(await states()).toEqual({ 'gw defenseclaw': 'degraded' })
    read('guard', [health('subsystem.restored', NOON - 1_000)])
    expect(await states()).toEqual({ 'gw defenseclaw': 'up up' })
  })

  it('is of another version or mode than the configuration expects', async () => {
    const wanted: ConfiguredGuard = { ...openshell, guard: 'defenseclaw', version: '7.4', mode: 'enforce' }
    const stateOf = async (parts: Partial<ConfiguredGuard>, line: string): Promise<string | undefined> => {
      const { read, pass, states } = watch([{ ...wanted, ...parts }])
      pass(NOON)
      read('guard', [atTime(line, NOON)])
      return (await states())['gw defenseclaw']
    }
    const observing = v8.find(line => line.includes('"defenseclaw.guardrail.mode":"observe"')) ?? ''
    expect(await stateOf({}, blocked)).toBe('other_version' satisfies GuardState)
    expect(await stateOf({ version: '8.0' }, blocked)).toBe('up up')
    expect(await stateOf({ version: '8' }, observing)).toBe('other_mode' satisfies GuardState)
    expect(await stateOf({ version: '8', mode: 'observe' }, observing)).toBe('observing' satisfies GuardState)
  })

  it('belongs to the gateway of the configuration where its records come under another name', async () => {
    const { read, pass, states } = watch([{ ...openshell, recordsOf: 'openshell-sb-7f3a' }])
    pass(NOON)
    read('guard', [atTime(allowed, NOON)], 'openshell-sb-7f3a')
    read('log', acts(NOON - MINUTE_MS))
    expect(await states()).toEqual({ 'gw openshell': 'up up busy' })
  })

  it('is not heard by a record that is dated ahead of the clock', async () => {
    const { read, pass, states } = watch()
    pass(NOON)
    read('guard', [atTime(allowed, NOON + DAY_MS / 2)])
    pass(NOON + HOUR_MS)
    expect(await states()).toEqual({ 'gw openshell': 'unknown' })
  })

  it('is forgotten a week after its last record, unless the configuration names it', async () => {
    for (const [guards, left] of [
      [[], {}],
      [[openshell], { 'gw openshell': 'unknown' }],
    ] as const) {
      const { read, pass, states } = watch(guards)
      pass(NOON)
      read('guard', [atTime(allowed, NOON)])
      pass(NOON + 7 * DAY_MS + 1)
      expect(await states()).toEqual(left)
    }
  })

  it('is the same after a restart at any moment', async () => {
    const event = fc.constantFrom('allowed', 'act', 'degraded', 'nothing')
    const lineOf = { allowed, degraded: ofClass('policy degraded'), nothing: ofClass('relay notice') }
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 20 }), fc.nat(20), async (told, cut) => {
        const whole = watch([openshell])
        let part = watch([openshell])
        for (const [index, what] of told.entries()) {
          const time = NOON + index * 2 * MINUTE_MS
          const line = what === 'act' ? blockedTool(time) : atTime(lineOf[what], time)
          const from = what === 'act' ? 'log' : 'guard'
          if (index === cut) {
            const { documents } = part.pipeline.changes()
            const next = watch([openshell])
            next.pipeline.restore({ documents, blobs: [], cursors: [], minutes: [], series: [] } as never)
            part = next
          }
          for (const each of [whole, part]) {
            each.pass(time)
            each.read(from, [line])
          }
          expect(await part.states()).toEqual(await whole.states())
        }
      }),
      { numRuns: 30 },
    )
  })

  it('holds what agents did only for as long as it can be judged by it, however long the log that is read', () => {
    const { pipeline, clock } = watch([openshell])
    clock.time = NOON
    let most = 0
    for (let ago = 600; ago >= 0; ago--) {
      const records = [{ id: `${++serial}`, body: blockedTool(NOON - ago * MINUTE_MS), gateway: 'gw' }]
      pipeline.ingest('log', batchOf(records, { watermark: NOON - ago * MINUTE_MS }))
      pipeline.observe()
      for (const { name, value } of pipeline.changes().documents) {
        if (name.startsWith('guards/')) most = Math.max(most, (value as unknown as SavedGuard).acts.length)
      }
    }
    expect(most).toBe(31)
  })

  it('is one of a limited number, whatever names records have', async () => {
    const { pipeline, pass, states } = watch([openshell])
    pass(NOON)
    const records = Array.from({ length: 1_200 }, (_, n) => ({
      id: `g${n}`,
      body: atTime(allowed, NOON),
      gateway: `gw-${n}`,
    }))
    pipeline.ingest('guard', batchOf(records))
    const shown = await states()
    expect(Object.keys(shown).length).toBe(1_000)
    expect(shown['gw openshell']).toBe('unknown')
  })
})

describe('records of a guard', () => {
  const counted = (name: 'guard', lines: readonly string[]) => {
    const { read, pass, store } = watch()
    pass(NOON)
    read(name, lines)
    return total(store, 'clawtrust_policy_decisions_total')
  }

  it('count once where they are equal as a whole, and each where one id is of several events', () => {
    const [first = '', second = ''] = syntheticLines('openshell/ocsf.synthetic.jsonl').filter(line =>
      line.includes('"uid":"sb-7f3a"},"device"'),
    )
    expect(counted('guard', [first, first, second, first, second])).toBe(2)
  })

  it('of one record_id count once, whatever is sent again', () => {
    expect(counted('guard', [blocked, blocked, blocked])).toBe(1)
    expect(counted('guard', [blocked, atTime(blocked, NOON), blocked])).toBe(2)
  })
})
