import fc from 'fast-check'
import type { ControlResult, EvidencePiece, Report, Spread, TestResult } from '../../compliance/model/report.ts'
import { controlStatuses, evidenceStores, pillars } from '../../core/labels/compliance.ts'
import { observers } from '../../core/zero-trust.ts'
import { hostileTexts } from './hostile-report.ts'

const text = fc.oneof(
  fc.constantFrom(...hostileTexts, ''),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 20 }),
)
const id = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom(...hostileTexts.slice(0, 8)))
const number = fc.oneof(fc.nat(), fc.double({ noNaN: true, noDefaultInfinity: true }))
const count = fc.nat()
const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }))
const time = fc
  .date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2040-01-01T00:00:00Z'), noInvalidDate: true })
  .map(date => date.toISOString())
const sha256 = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 })
const few = <T>(item: fc.Arbitrary<T>, maxLength = 4) => fc.array(item, { maxLength })
/** Lists whose ids are unique, as the model promises. */
const distinct = <T extends { readonly id: string }>(item: fc.Arbitrary<T>, maxLength: number) =>
  fc.uniqueArray(item, { maxLength, selector: one => one.id })
const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<EvidencePiece['result']>
const period = fc.oneof(fc.constantFrom('2026-11', '2026-W48', '2026-11-30', '2026-Q4', ''), text)
const gap = fc.record({ of: text, start: time, end: time, reason: text })

const test: fc.Arbitrary<TestResult> = fc.record({
  id,
  title: text,
  outcome: fc.constantFrom('pass', 'fail', 'unknown'),
  reason: text,
  evidence: id,
  value: fc.option(number),
  unit: text,
  expected: text,
  threshold: fc.record({ bound: fc.constantFrom('at_most', 'at_least'), value: number }),
  parameter: text,
  freshness: fc.option(fc.nat()),
  newest: fc.option(time),
  telemetry: few(fc.record({ observer: text, share })),
  telemetryShare: number,
})

const control: fc.Arbitrary<ControlResult> = fc.record({
  id,
  framework: fc.oneof(fc.constantFrom('a', 'b'), text),
  control: text,
  title: text,
  pillar: fc.constantFrom(...pillars),
  status: fc.constantFrom(...controlStatuses),
  reason: text,
  since: period,
  tests: distinct(test, 3),
  cannotProve: few(text),
  manual: text,
  objectives: few(text),
  remedy: text,
})

const evidence: fc.Arbitrary<EvidencePiece> = fc.record({
  id,
  kind: text,
  title: text,
  request: fc.constant({ from: 'metric' }),
  store: fc.constantFrom(...evidenceStores),
  address: text,
  query: json,
  index: text,
  window: fc.record({ start: time, end: time }),
  result: json,
  count,
  value: fc.option(number),
  unit: text,
  newest: fc.option(time),
  byZone: fc.dictionary(text, number, { maxKeys: 3 }),
  distribution: few(fc.record({ start: time, value: fc.option(number) }), 62),
  samples: few(text, 5),
  gaps: few(gap),
  sha256,
  fault: text,
})

const spread: fc.Arbitrary<Spread | null> = fc.option(fc.record({ median: number, p95: number, count }))
const counts = fc.record({ pass: count, fail: count, unknown: count, manual: count, exception: count })
const ids = few(id)

/** Any report that the type allows. */
export const anyReport: fc.Arbitrary<Report> = fc.record({
  version: fc.constant(1 as const),
  id: fc.uuid(),
  title: text,
  organisation: text,
  synthetic: fc.boolean(),
  period: fc.record({
    name: period,
    start: time,
    end: time,
    timeZone: fc.oneof(fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns'), text),
  }),
  generatedAt: time,
  generator: fc.record({ name: fc.constant('clawtrust' as const), version: text }),
  frameworks: fc.uniqueArray(
    fc.record({ id: fc.constantFrom('a', 'b'), title: text, version: text, source: text, sha256 }),
    { maxLength: 2, selector: one => one.id },
  ),
  stores: few(
    fc.record({
      store: fc.constantFrom(...evidenceStores),
      address: text,
      state: fc.constantFrom('read', 'partial', 'unreachable', 'absent'),
      detail: text,
    }),
  ),
  coverage: fc.record({
    share,
    sources: few(
      fc.record({
        name: text,
        observer: fc.oneof(fc.constantFrom(...Object.keys(observers)), text),
        state: fc.constantFrom('seen', 'gaps', 'never'),
        share,
        lastEvent: fc.option(time),
      }),
      12,
    ),
    gaps: few(gap, 8),
  }),
  controls: distinct(control, 6),
  evidence: distinct(evidence, 4),
  changes: fc.record({
    newlyFailing: ids,
    fixed: ids,
    stillFailing: ids,
    newlyUnknown: ids,
    newlyKnown: ids,
    added: ids,
    removed: ids,
    byZone: few(fc.record({ trustZone: text, title: text, before: number, now: number })),
  }),
  trend: few(fc.record({ period, counts, coverage: share }), 24),
  remediation: fc.option(
    fc.record({
      incidents: count,
      proposed: count,
      enforced: count,
      observed: count,
      expired: count,
      rolledBack: count,
      falseBlocks: count,
      timeToDetect: spread,
      timeToDecide: spread,
      timeToContain: spread,
      chain: fc.record({ verified: fc.boolean(), head: text, records: count, detail: text }),
    }),
  ),
  exceptions: few(
    fc.record({
      control: id,
      owner: text,
      reason: text,
      expires: time,
      state: fc.constantFrom('active', 'expired', 'unused'),
    }),
  ),
  risks: few(
    fc.record({
      control: id,
      title: text,
      status: fc.constantFrom('fail', 'unknown'),
      severity: fc.constantFrom('low', 'medium', 'high'),
      statement: text,
      remedy: text,
      since: period,
    }),
  ),
  previous: fc.option(fc.record({ period, id: fc.uuid() })),
  redacted: fc.boolean(),
})
