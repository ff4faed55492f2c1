import fc from 'fast-check'
import { digestOf } from '../../compliance/model/digest.ts'
import type { ControlResult, EvidencePiece, Report, Spread, TestResult } from '../../compliance/model/report.ts'
import { controlStatuses, evidenceStores, pillars } from '../../core/labels/compliance.ts'
import { observers } from '../../core/zero-trust.ts'
import type { Json } from '../../service/state/state.ts'
import { codePoint } from '../code-point.ts'
import { hostileTexts } from './hostile-report.ts'

const text = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: codePoint, maxLength: 30 }), fc.string())
/** Text as it may be in evidence: RFC 8785 has no form for half pairs. */
const wellFormed = text.map(written => written.toWellFormed())
const time = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2899-12-31T00:00:00Z'), noInvalidDate: true })
  .map(date => date.toISOString())
const amount = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null })
const number = fc.double({ noNaN: true, noDefaultInfinity: true })
const count = fc.nat()
const period = fc.oneof(fc.constantFrom('2026-11', '2026-W48', '2026-11-30', '2026-Q4', ''), text)
const gap = fc.record({ of: text, start: time, end: time, reason: text })
const json = fc
  .jsonValue({ maxDepth: 3, stringUnit: 'grapheme' })
  .map(value => JSON.parse(JSON.stringify(value)) as Json)

const test: fc.Arbitrary<TestResult> = fc.record({
  id: text,
  title: text,
  outcome: fc.constantFrom('pass' as const, 'fail' as const, 'unknown' as const),
  reason: text,
  evidence: fc.constantFrom('e0', 'e1', 'absent'),
  value: amount,
  unit: text,
  expected: text,
  threshold: fc.record({ bound: fc.constantFrom('at_most' as const, 'at_least' as const), value: number }),
  parameter: text,
  freshness: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }), { nil: null }),
  newest: fc.option(time, { nil: null }),
  telemetry: fc.array(fc.record({ observer: text, share: amount }), { maxLength: 2 }),
  telemetryShare: number,
})

const control: fc.Arbitrary<ControlResult> = fc.record({
  id: text,
  framework: text,
  control: fc.oneof(fc.constantFrom('AC-7', 'AC-6(9)', 'ac-7'), text),
  title: text,
  pillar: fc.constantFrom(...pillars),
  status: fc.constantFrom(...controlStatuses),
  reason: text,
  since: period,
  tests: fc.uniqueArray(test, { maxLength: 3, selector: ({ id }) => id }),
  cannotProve: fc.array(text, { maxLength: 2 }),
  manual: text,
  objectives: fc.array(fc.oneof(fc.constantFrom('ac-7_obj.a', 'ac-7_obj.b'), text), { maxLength: 3 }),
  remedy: text,
})

const evidence: fc.Arbitrary<EvidencePiece> = fc
  .record({
    id: fc.oneof(fc.constantFrom('e0', 'e1'), wellFormed),
    kind: text,
    title: text,
    store: fc.constantFrom(...evidenceStores),
    address: text,
    request: json,
    query: fc.oneof(json, wellFormed),
    index: text,
    window: fc.record({ start: time, end: time }),
    result: json,
    count,
    value: amount,
    unit: text,
    newest: fc.option(time, { nil: null }),
    byZone: fc.dictionary(wellFormed, fc.double({ noNaN: true, noDefaultInfinity: true }), { maxKeys: 2 }),
    distribution: fc.array(fc.record({ start: time, value: amount }), { maxLength: 2 }),
    samples: fc.array(text, { maxLength: 2 }),
    gaps: fc.array(gap, { maxLength: 2 }),
    fault: text,
  })
  .map(piece => ({ ...piece, sha256: digestOf(piece.result) }))

const few = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 4 })
const ids = few(text)
const spread: fc.Arbitrary<Spread | null> = fc.option(fc.record({ median: number, p95: number, count }), { nil: null })
const counts = fc.record({ pass: count, fail: count, unknown: count, manual: count, exception: count })

/** Any report of the model's form: ids are unique, times are of this millennium, texts are anything. */
export const arbitraryReport: fc.Arbitrary<Report> = fc
  .record({
    version: fc.constant(1 as const),
    id: fc.uuid({ version: 5 }),
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
    frameworks: fc.uniqueArray(fc.record({ id: text, title: text, version: text, source: text, sha256: text }), {
      maxLength: 2,
      selector: ({ id }) => id,
    }),
    stores: fc.array(
      fc.record({
        store: fc.constantFrom(...evidenceStores),
        address: text,
        state: fc.constantFrom('read' as const, 'partial' as const, 'unreachable' as const, 'absent' as const),
        detail: text,
      }),
      { maxLength: 3 },
    ),
    coverage: fc.record({
      share: amount,
      sources: fc.array(
        fc.record({
          name: text,
          observer: fc.oneof(fc.constantFrom(...Object.keys(observers)), text),
          state: fc.constantFrom('seen' as const, 'gaps' as const, 'never' as const),
          share: amount,
          lastEvent: fc.option(time, { nil: null }),
        }),
        { maxLength: 2 },
      ),
      gaps: fc.array(gap, { maxLength: 2 }),
    }),
    controls: fc.uniqueArray(control, { maxLength: 5, selector: ({ id }) => id }),
    evidence: fc.uniqueArray(evidence, { maxLength: 4, selector: ({ id }) => id }),
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
    trend: fc.array(fc.record({ period, counts, coverage: amount }), { maxLength: 24 }),
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
      { nil: null },
    ),
    exceptions: fc.array(
      fc.record({
        control: text,
        owner: text,
        reason: text,
        expires: fc.oneof(time, text),
        state: fc.constantFrom('active' as const, 'expired' as const, 'unused' as const),
      }),
      { maxLength: 2 },
    ),
    risks: fc.array(
      fc.record({
        control: text,
        title: text,
        status: fc.constantFrom('fail' as const, 'unknown' as const),
        severity: fc.constantFrom('low' as const, 'medium' as const, 'high' as const),
        statement: text,
        remedy: text,
        since: text,
      }),
      { maxLength: 3 },
    ),
    previous: fc.option(fc.record({ period: text, id: text }), { nil: null }),
    redacted: fc.boolean(),
  })
  // Risks are those of its controls, and of one that is gone.
  .map(report => ({
    ...report,
    risks: report.risks.map((risk, index) => ({ ...risk, control: report.controls[index]?.id ?? risk.control })),
  }))
