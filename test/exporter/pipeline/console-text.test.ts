import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import type { SourceRecord } from '../../../exporter/contracts/source.ts'
import { asPlainConsoleLine } from '../../decoding/layouts.ts'
import { type Bench, batchOf, bench, NOON, total } from './fixtures.ts'

/** Both lines of one refused sign-in in the file log. */
function refusal(number: number): readonly string[] {
  const conn = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
  const address = `192.0.2.${number % 200}`
  const time = new Date(NOON + number).toISOString()
  const line = (message: string, meta?: Record<string, unknown>) =>
    JSON.stringify({
      '0': '{"subsystem":"gateway/ws"}',
      ...(meta && { '1': meta }),
      _meta: { logLevelName: 'WARN', name: '{"subsystem":"gateway/ws"}' },
      time,
      hostname: 'gw',
      message,
    })
  const reason = { cause: 'unauthorized', authProvided: 'token', authReason: 'token_mismatch', remoteAddr: address }
  return [
    line(`unauthorized conn=${conn} remote=${address} client=x auth=token reason=token_mismatch guidance=none`),
    line(`closed before connect conn=${conn} remote=${address} code=1008 reason=n/a phase=p`, reason),
  ]
}

const onConsole = (lines: readonly string[]) => lines.flatMap(line => asPlainConsoleLine(line) ?? [])
const records = (lines: readonly string[]): SourceRecord[] =>
  lines.map((body, index) => ({ id: `${index}`, body, gateway: 'gw', forgeable: 'bare' }))

function read(lines: readonly string[], forgeable: SourceRecord['forgeable']): Bench {
  const made = bench({ dispatcher: createDispatcher(dialects) })
  made.pipeline.ingest('log', batchOf(records(lines).map(record => ({ ...record, forgeable }))))
  for (const watermark of [NOON + 90_000, NOON + 150_000]) {
    made.clock.time = watermark
    made.pipeline.ingest('log', batchOf([], { watermark }))
  }
  return made
}

const WRONG = ['shared_secret', 'token_mismatch']
const countsOf = ({ store }: Bench) => ({
  failures: total(store, 'clawtrust_auth_failures_total', ...WRONG),
  unknown: total(store, 'clawtrust_unknown_address_events_total', 'console_text'),
})
const firstSeen = ({ store }: Bench) => total(store, 'clawtrust_first_seen_entities_total')

describe('refused sign-ins in the console of a gateway in plain text', () => {
  const attempts = Array.from({ length: 30 }, (_, number) => refusal(number))

  it('count once each, like those of the file log, with an unknown address and without any entity', () => {
    const plain = read(onConsole(attempts.flat()), 'bare')
    const json = read(attempts.flat(), undefined)
    expect(countsOf(json)).toEqual({ failures: 30, unknown: 0 })
    expect(countsOf(plain)).toEqual({ failures: 30, unknown: 30 })
    expect([json, plain].map(({ pipeline }) => pipeline.view.offenders().length > 0)).toEqual([true, false])
    expect(firstSeen(plain)).toBe(0)
    expect(plain.pipeline.view.recentEvents().flatMap(({ actor }) => actor.address ?? [])).toEqual([])
  })

  it('count once, with their address, where one source reads the file log too, in any order', () => {
    const both = attempts.flatMap((lines, number) =>
      [...lines, ...onConsole(lines)].map((line, index) => ({ line, isJson: index < 2, number })),
    )
    fc.assert(
      fc.property(fc.shuffledSubarray(both, { minLength: both.length }), shuffled => {
        const made = bench({ dispatcher: createDispatcher(dialects) })
        const asRecords = shuffled.map(({ line, isJson }, index): SourceRecord => {
          return { id: `${index}`, body: line, gateway: 'gw', ...(isJson ? {} : { forgeable: 'bare' }) }
        })
        made.pipeline.ingest('log', batchOf(asRecords))
        made.clock.time = NOON + 120_000
        made.pipeline.ingest('log', batchOf([], { watermark: NOON + 120_000 }))
        expect(countsOf(made)).toEqual({ failures: 30, unknown: 0 })
      }),
      { numRuns: 20 },
    )
  })

  it('count also where only one line of each is read', () => {
    for (const index of [0, 1]) {
      const plain = onConsole(attempts.map(lines => lines[index] as string))
      expect(countsOf(read(plain, 'wrapped'))).toEqual({ failures: 30, unknown: 30 })
    }
  })
})

describe('lines that a client forges in the console', () => {
  let number = 0
  const forged = (time: number) =>
    `${new Date(time).toISOString()} [ws] closed before connect conn=00000000-0000-4000-8000-${String(++number).padStart(12, '0')} code=1008 reason=x`
  const made = () => bench({ dispatcher: createDispatcher(dialects) })

  /** Reads the lines of a time and what follows until all of them are counted. */
  function readAt({ clock, pipeline }: Bench, time: number, lines: readonly string[] = []): void {
    clock.time = time
    pipeline.ingest('log', batchOf(records(lines), { watermark: time - 1_000 }))
    while (pipeline.closeMinutes()) {}
  }

  it('hold no minute open for longer than a genuine one would', () => {
    const one = made()
    const end = NOON + 20 * 60_000
    for (let time = NOON; time < end; time += 20_000) readAt(one, time, [forged(NOON)])
    expect(one.listener.closed.at(-1)?.start).toBeGreaterThanOrEqual((end - 4 * 60_000) / 1_000)
    expect(countsOf(one).unknown).toBeGreaterThan(50)
  })

  it('count when they are read, if they are dated in the future', () => {
    const one = made()
    const years = Array.from({ length: 40 }, (_, year) => Date.UTC(2027 + year, 0))
    readAt(one, NOON, years.map(forged))
    readAt(one, NOON + 120_000)
    readAt(one, NOON + 180_000)
    expect(countsOf(one).unknown).toBe(40)
    expect(one.listener.closed).toContainEqual(expect.objectContaining({ start: NOON / 1_000, count: 40 }))
    expect(one.pipeline.changes().minutes).toHaveLength(1)
  })
})
