import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { ControlTest, Threshold } from '../../../compliance/controls/catalogue.ts'
import {
  type JudgeContext,
  judgeControl,
  judgeTest,
  type TestEvidence,
  type TestJudgement,
} from '../../../compliance/controls/judge.ts'
import { DAY_MS, HOUR_MS } from '../../../core/clock.ts'
import { boundedFailures, evidence, gap, NOVEMBER, observed, source } from './judged.ts'

interface Case {
  readonly when: string
  readonly test?: Partial<ControlTest>
  readonly threshold?: Partial<Threshold>
  readonly evidence?: TestEvidence
  readonly context?: JudgeContext
  readonly outcome: TestJudgement['outcome']
  readonly reason: string
}

const cases: readonly Case[] = [
  {
    when: 'the value is within its threshold, fresh and covered',
    outcome: 'pass',
    reason: 'Failed sign-ins: 312 events (required: at most 500 events).',
  },
  {
    when: 'the value is exactly the threshold',
    evidence: evidence({ value: 500 }),
    outcome: 'pass',
    reason: 'Failed sign-ins: 500 events (required: at most 500 events).',
  },
  {
    when: 'a parameter sets the threshold',
    threshold: { value: 1, parameter: 'ac-07_odp.01' },
    evidence: evidence({ value: 1 }),
    outcome: 'pass',
    reason: 'Failed sign-ins: 1 event (required: at most 1 event (ac-07_odp.01)).',
  },
  {
    when: 'the value is above the threshold',
    evidence: evidence({ value: 1734 }),
    outcome: 'fail',
    reason: 'Failed sign-ins: 1,734 events (required: at most 500 events).',
  },
  {
    when: 'the value is above the threshold by less than is shown',
    evidence: evidence({ value: 500.0000001 }),
    outcome: 'fail',
    reason: 'Failed sign-ins: 500.0000001 events (required: at most 500 events).',
  },
  {
    when: 'the value is above the threshold, stale, and the observer was missing',
    evidence: evidence({ value: 501, newest: NOVEMBER.start }),
    context: observed(),
    outcome: 'fail',
    reason: 'Failed sign-ins: 501 events (required: at most 500 events).',
  },
  {
    when: 'the store cannot be read',
    evidence: { reading: null, fault: 'Prometheus does not respond at http://127.0.0.1:9090', unit: 'events' },
    outcome: 'unknown',
    reason:
      'Failed sign-ins: unknown, because its evidence could not be read: Prometheus does not respond at http://127.0.0.1:9090.',
  },
  {
    when: 'there is neither a reading nor a fault',
    evidence: { reading: null, fault: '', unit: 'events' },
    outcome: 'unknown',
    reason: 'Failed sign-ins: unknown, because its evidence could not be read: no reading.',
  },
  {
    when: 'there was nothing to measure',
    evidence: evidence({ value: null, newest: null }),
    outcome: 'unknown',
    reason: 'Failed sign-ins: unknown, because there was nothing to measure.',
  },
  {
    when: 'there was nothing to measure, and the store says why',
    evidence: evidence({ value: null, newest: null, gaps: [gap(1, 720)] }),
    outcome: 'unknown',
    reason: 'Failed sign-ins: unknown, because there was nothing to measure: the source was down.',
  },
  {
    when: 'the value is no number',
    evidence: evidence({ value: Number.NaN }),
    outcome: 'unknown',
    reason: 'Failed sign-ins: unknown, because there was nothing to measure.',
  },
  {
    when: 'the newest datum is too old',
    evidence: evidence({ newest: Date.UTC(2026, 10, 28, 3) }),
    outcome: 'unknown',
    reason:
      'Failed sign-ins: unknown, because the newest datum is of 2026-11-28T03:00:00Z, 2 d before the end of the period, and 1d is allowed.',
  },
  {
    when: 'the newest datum is exactly as old as is allowed',
    evidence: evidence({ newest: NOVEMBER.end - DAY_MS }),
    outcome: 'pass',
    reason: 'Failed sign-ins: 312 events (required: at most 500 events).',
  },
  {
    when: 'no datum has a time',
    evidence: evidence({ newest: null }),
    outcome: 'unknown',
    reason: 'Failed sign-ins: unknown, because there is no datum whose age can be checked.',
  },
  {
    when: 'no source reports for its observer',
    context: observed(source({ observers: ['proxy'] })),
    outcome: 'unknown',
    reason: 'Failed sign-ins: unknown, because no source reports for the observer gateway.',
  },
  {
    when: 'it is not known how long a source was read',
    context: observed(source({ share: null })),
    outcome: 'unknown',
    reason: 'Failed sign-ins: unknown, because it is not known for how long a source of the observer gateway was read.',
  },
  {
    when: 'one of two sources of its observer was read for too short a time',
    context: observed(source(), source({ source: 'second', share: 0.9 })),
    outcome: 'unknown',
    reason:
      'Failed sign-ins: unknown, because the observer gateway was read for 90 % of the period, and 95 % is needed.',
  },
  {
    when: 'the gaps of a source say less than its share',
    context: observed(source({ gaps: [gap(3, 48)] })),
    outcome: 'unknown',
    reason:
      'Failed sign-ins: unknown, because the observer gateway was read for 93.3 % of the period, and 95 % is needed.',
  },
  {
    when: 'gaps of the source and of the evidence are too long together',
    evidence: evidence({ gaps: [gap(3, 20)] }),
    context: observed(source({ gaps: [gap(9, 20)] })),
    outcome: 'unknown',
    reason:
      'Failed sign-ins: unknown, because the observer gateway was read for 94.4 % of the period, and 95 % is needed.',
  },
  {
    when: 'the same gap is reported by the source and by the evidence',
    evidence: evidence({ gaps: [gap(3, 20)] }),
    context: observed(source({ gaps: [gap(3, 20)] })),
    outcome: 'pass',
    reason: 'Failed sign-ins: 312 events (required: at most 500 events).',
  },
  {
    when: 'the evidence of clawtrust itself has gaps',
    test: { telemetry: [] },
    evidence: evidence({ gaps: [gap(1, 72)] }),
    context: observed(),
    outcome: 'unknown',
    reason:
      'Failed sign-ins: unknown, because its evidence has gaps: it covers 90 % of the period, and 95 % is needed (it was down).',
  },
  {
    when: 'a value that must be large is too small',
    threshold: { bound: 'at_least' },
    outcome: 'fail',
    reason: 'Failed sign-ins: 312 events (required: at least 500 events).',
  },
  {
    when: 'a value that must be large is too small, and the rest may be in a gap',
    threshold: { bound: 'at_least' },
    context: observed(source({ share: 0.5 })),
    outcome: 'unknown',
    reason:
      'Failed sign-ins: unknown, because the observer gateway was read for 50 % of the period, and 95 % is needed.',
  },
  {
    when: 'telemetry was read for too short a time, and the newest datum is old',
    test: { telemetry: [], evidence: { from: 'coverage', observer: 'gateway', measure: 'share' } },
    threshold: { bound: 'at_least', value: 95 },
    evidence: evidence({ value: 90.25, gaps: [gap(1, 72)], newest: NOVEMBER.start }, { unit: '%' }),
    context: observed(),
    outcome: 'fail',
    reason: 'Failed sign-ins: 90.25 % (required: at least 95 %).',
  },
  {
    when: 'telemetry was read for long enough, and then ended',
    test: { telemetry: [], evidence: { from: 'coverage', observer: 'gateway', measure: 'share' } },
    threshold: { bound: 'at_least', value: 90 },
    evidence: evidence({ value: 90.25, gaps: [gap(28, 72)], newest: Date.UTC(2026, 10, 28) }, { unit: '%' }),
    context: observed(),
    outcome: 'unknown',
    reason:
      'Failed sign-ins: unknown, because the newest datum is of 2026-11-28T00:00:00Z, 3 d before the end of the period, and 1d is allowed.',
  },
]

const judgedCase = (one: Case) =>
  judgeTest(
    { ...boundedFailures, ...one.test, threshold: { ...boundedFailures.threshold, ...one.threshold } },
    one.evidence ?? evidence(),
    one.context ?? observed(source()),
  )

describe('a test', () => {
  it.each(cases)('is $outcome where $when', one => {
    const { outcome, reason } = judgedCase(one)
    expect({ outcome, reason }).toEqual({ outcome: one.outcome, reason: one.reason })
  })

  it('shows its value, its threshold and its telemetry, whatever the outcome', () => {
    expect(judgeTest(boundedFailures, evidence({ newest: null }), observed(source({ share: 0.97 })))).toMatchObject({
      outcome: 'unknown',
      value: 312,
      expected: 'at most 500 events',
      telemetry: [{ observer: 'gateway', share: 0.97 }],
    })
  })
})

const gaps = fc.array(
  fc
    .record({ day: fc.integer({ min: -2, max: 32 }), hours: fc.integer({ min: 0, max: 120 }) })
    .map(one => gap(one.day, one.hours)),
  { maxLength: 4 },
)
const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }))
const anySource = fc.record({
  source: fc.constantFrom('a', 'b'),
  observers: fc.subarray(['gateway', 'proxy'] as const),
  share,
  lastEvent: fc.constant(null),
  gaps,
})
const anyTest: fc.Arbitrary<ControlTest> = fc.record({
  id: fc.constant('any'),
  title: fc.constant('Any'),
  evidence: fc.constant(boundedFailures.evidence),
  threshold: fc.record({
    bound: fc.constantFrom('at_most', 'at_least'),
    value: fc.integer({ min: 0, max: 4 }),
    parameter: fc.constant(''),
  }),
  freshness: fc.option(fc.integer({ min: HOUR_MS, max: 40 * DAY_MS })),
  telemetry: fc.subarray(['gateway', 'proxy'] as const),
  telemetryShare: fc.double({ min: 0, max: 1, noNaN: true }),
})
const anyEvidence: fc.Arbitrary<TestEvidence> = fc.oneof(
  fc.constant({ reading: null, fault: 'it is down', unit: '' }),
  fc
    .record({
      value: fc.option(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY))),
      newest: fc.option(fc.integer({ min: NOVEMBER.start - DAY_MS, max: NOVEMBER.end + DAY_MS })),
      gaps,
    })
    .map(changes => evidence(changes)),
)
const anyContext = fc.array(anySource, { maxLength: 4 }).map(sources => observed(...sources))

describe('unknown is never pass', () => {
  it('passes only with a fresh value within its threshold, with each of its observers read for long enough', () => {
    fc.assert(
      fc.property(anyTest, anyEvidence, anyContext, (test, given, context) => {
        const judged = judgeTest(test, given, context)
        if (judged.outcome !== 'pass') return
        const { bound, value: limit } = test.threshold
        expect(Number.isFinite(judged.value)).toBe(true)
        expect(bound === 'at_most' ? Number(judged.value) <= limit : Number(judged.value) >= limit).toBe(true)
        if (test.freshness !== null) {
          expect(NOVEMBER.end - Number(given.reading?.newest ?? Number.NaN)).toBeLessThanOrEqual(test.freshness)
        }
        expect(judged.telemetry.map(({ observer }) => observer)).toEqual(test.telemetry)
        for (const observer of test.telemetry) {
          const sources = context.coverage.sources.filter(({ observers }) => observers.includes(observer))
          expect(sources).not.toEqual([])
          for (const one of sources) expect(one.share).toBeGreaterThanOrEqual(test.telemetryShare)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('is not turned into a pass by a further gap, by a lower share, or by sources that are gone', () => {
    fc.assert(
      fc.property(
        anyTest,
        anyEvidence,
        anyContext,
        gaps,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (test, given, context, more, factor) => {
          if (judgeTest(test, given, context).outcome === 'pass') return
          const { reading } = given
          const worse = { ...given, reading: reading && { ...reading, gaps: [...(reading.gaps ?? []), ...more] } }
          const lower = context.coverage.sources.map(one => ({
            ...one,
            share: one.share === null ? null : one.share * factor,
            gaps: [...one.gaps, ...more],
          }))
          for (const sources of [context.coverage.sources, lower, []]) {
            expect(judgeTest(test, worse, observed(...sources)).outcome).not.toBe('pass')
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('keeps a violation that was seen, whatever else is missing', () => {
    fc.assert(
      fc.property(anyTest, anyContext, gaps, (test, context, more) => {
        const { value } = test.threshold
        const violated = { ...test, threshold: { ...test.threshold, bound: 'at_most' as const } }
        const given = evidence({ value: value + 1, newest: null, gaps: more })
        expect(judgeTest(violated, given, context).outcome).toBe('fail')
      }),
    )
  })
})

const pass: TestJudgement = { outcome: 'pass', reason: 'A: 1.', expected: '', value: 1, telemetry: [] }
const fail: TestJudgement = { ...pass, outcome: 'fail', reason: 'B: 9 (required: at most 5).' }
const unknown: TestJudgement = { ...pass, outcome: 'unknown', reason: 'C: unknown, because it is down.' }
const control = (tests: number, manual = '') => ({
  tests: Array.from({ length: tests }, () => boundedFailures),
  manual,
})
const accepted = { control: 'f/c', owner: 'Head of platform', reason: 'Lab without users', expires: '2026-12-31' }

describe('a control', () => {
  it.each([
    ['pass', 'its only test passes', [pass], 'A: 1.'],
    ['pass', 'all tests pass', [pass, pass], 'All 2 tests pass.'],
    ['fail', 'one test fails', [pass, fail], 'B: 9 (required: at most 5).'],
    ['fail', 'one test fails and another is unknown', [unknown, fail], 'B: 9 (required: at most 5).'],
    ['fail', 'two tests fail', [fail, fail], '2 tests fail; the first one: B: 9 (required: at most 5).'],
    ['unknown', 'one test is unknown', [pass, unknown], 'C: unknown, because it is down.'],
    [
      'unknown',
      'two are unknown',
      [unknown, unknown],
      '2 tests are unknown; the first one: C: unknown, because it is down.',
    ],
  ] as const)('is %s where %s', (status, _, tests, reason) => {
    expect(judgeControl(control(tests.length), tests)).toEqual({ status, reason, covered: status })
  })

  it('is manual without tests', () => {
    expect(judgeControl(control(0, 'Read the plan.'), [])).toEqual({
      status: 'manual',
      reason: 'No telemetry shows it; a person has to look: Read the plan.',
      covered: 'manual',
    })
  })

  it('is unknown where a test was not judged', () => {
    expect(judgeControl(control(2), [pass])).toMatchObject({ status: 'unknown' })
    expect(judgeControl(control(1), [])).toMatchObject({ status: 'unknown' })
  })

  it.each([
    ['fail', [fail], 'FAIL: B: 9 (required: at most 5).'],
    ['unknown', [unknown], 'UNKNOWN: C: unknown, because it is down.'],
  ] as const)('has an exception that covers %s, and shows what it covers', (covered, tests, without) => {
    expect(judgeControl(control(1), tests, accepted)).toEqual({
      status: 'exception',
      reason: `Accepted by Head of platform until 2026-12-31 (Lab without users); without the exception ${without}`,
      covered,
    })
  })

  it('has no exception where it passes, or where a person has to look', () => {
    expect(judgeControl(control(1), [pass], accepted)).toMatchObject({ status: 'pass', covered: 'pass' })
    expect(judgeControl(control(0, 'Look.'), [], accepted)).toMatchObject({ status: 'manual', covered: 'manual' })
  })

  it('passes only if all of its tests pass, in whatever order they are', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(pass, fail, unknown), { minLength: 1 }), fc.boolean(), (tests, excepted) => {
        const { status, covered } = judgeControl(control(tests.length), tests, excepted ? accepted : undefined)
        const all = tests.every(({ outcome }) => outcome === 'pass')
        expect(status === 'pass').toBe(all)
        expect(covered).toBe(judgeControl(control(tests.length), tests.toReversed()).status)
        expect(covered === 'fail').toBe(tests.includes(fail))
      }),
    )
  })
})
