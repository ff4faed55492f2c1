import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { guardModes } from '../../../core/labels/guards.ts'
import {
  type Acts,
  assessGuard,
  type GuardExpectation,
  type GuardFacts,
} from '../../../exporter/pipeline/guard-assessment.ts'
import { NOON } from './fixtures.ts'

const SILENCE = 15 * 60_000
const expected: GuardExpectation = { silence: SILENCE, busyEvents: 5 }
const heard: GuardFacts = { lastRecord: NOON, isDegraded: false, isFailOpen: false }
const stateOf = (facts: Partial<GuardFacts>, acts: Partial<Acts>, wanted: Partial<GuardExpectation> = {}) =>
  assessGuard({ ...heard, ...facts }, { ...expected, ...wanted }, { inspected: 1, seenByOthers: 0, ...acts }, NOON)
    .state

const version = fc.constantFrom('0.1.5', '0.11.0', '8.0.0')
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const known = (parts: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined))
const anyFacts = fc
  .record({
    lastRecord: optional(fc.integer({ min: NOON - 3 * SILENCE, max: NOON })),
    version: optional(version),
    mode: optional(fc.constantFrom(...guardModes)),
    isDegraded: fc.boolean(),
    isFailOpen: fc.boolean(),
  })
  .map(facts => known(facts) as unknown as GuardFacts)
const anyExpectation = fc
  .record({
    version: optional(fc.constantFrom('0.1', '8')),
    mode: optional(fc.constantFrom(...guardModes)),
    busyEvents: fc.integer({ min: 1, max: 20 }),
  })
  .map(wanted => ({ silence: SILENCE, ...known(wanted) }) as unknown as GuardExpectation)
const anyActs = fc.record({ inspected: fc.nat(20), seenByOthers: fc.nat(20) })

describe('a guard', () => {
  it('is up where it was heard, reports nothing bad and is as expected', () => {
    expect(stateOf({}, {})).toBe('up')
    expect(stateOf({ version: '0.1.5', mode: 'enforce' }, {}, { version: '0.1', mode: 'enforce' })).toBe('up')
  })

  it.each([
    ['silent', {}, { inspected: 0, seenByOthers: 5 }, {}],
    ['unknown', { lastRecord: NOON - SILENCE }, { inspected: 0, seenByOthers: 4 }, {}],
    ['fail_open', { isFailOpen: true, isDegraded: true }, {}, {}],
    ['degraded', { isDegraded: true }, {}, {}],
    ['other_version', { version: '0.11.0' }, {}, { version: '0.1' }],
    ['other_mode', { mode: 'observe' }, {}, { mode: 'enforce' }],
    ['observing', { mode: 'observe' }, {}, { mode: 'observe' }],
    ['observing', { mode: 'observe' }, {}, {}],
  ] as const)('is %s', (state, facts, acts, wanted) => {
    expect(stateOf(facts, acts, wanted)).toBe(state)
  })

  it('is never up where nothing was heard of it within the period', () => {
    const all = fc.tuple(anyFacts, anyExpectation, anyActs)
    fc.assert(
      fc.property(all, ([facts, wanted, acts]) => {
        const { state } = assessGuard(facts, wanted, acts, NOON)
        const isHeard = facts.lastRecord !== undefined && facts.lastRecord > NOON - SILENCE
        if (state === 'up') expect([isHeard, facts.mode === 'observe']).toEqual([true, false])
        if (!isHeard) expect(['unknown', 'silent']).toContain(state)
      }),
    )
  })

  it('is silent only where others saw what it did not, so never where the gateway is idle', () => {
    fc.assert(
      fc.property(anyFacts, anyExpectation, anyActs, (facts, wanted, acts) => {
        const { state, isBusy } = assessGuard(facts, wanted, acts, NOON)
        if (state === 'silent') expect([isBusy, acts.inspected]).toEqual([true, 0])
        const idle = { inspected: 0, seenByOthers: 0 }
        const whileIdle = assessGuard(facts, wanted, idle, NOON)
        expect([whileIdle.isBusy, whileIdle.state === 'silent']).toEqual([false, false])
      }),
    )
  })

  it('is no better for more that others saw, and not silent for more that it inspected', () => {
    fc.assert(
      fc.property(anyFacts, anyExpectation, anyActs, fc.nat(20), (facts, wanted, acts, more) => {
        const before = assessGuard(facts, wanted, acts, NOON)
        const seen = assessGuard(facts, wanted, { ...acts, seenByOthers: acts.seenByOthers + more }, NOON)
        if (before.state !== 'up') expect(seen.state).not.toBe('up')
        if (before.isBusy) expect(seen.isBusy).toBe(true)
        const inspected = assessGuard(facts, wanted, { ...acts, inspected: acts.inspected + 1 }, NOON)
        expect(inspected.state).not.toBe('silent')
      }),
    )
  })
})
