import fc from 'fast-check'
import { NO_CHANGES } from '../../compliance/model/changes.ts'
import { digestOf } from '../../compliance/model/digest.ts'
import type { ControlResult, EvidencePiece, Report, TestResult } from '../../compliance/model/report.ts'
import { controlStatuses, evidenceStores, pillars } from '../../core/labels/compliance.ts'
import type { Json } from '../../service/state/state.ts'

/** What an attacker may write into a name: markup, controls, marks that reorder, half pairs, formulas, links. */
export const hostileTexts: readonly string[] = [
  '',
  ' ',
  '\u00a0\u2003',
  '\u0000\u001b[31m\r\n\u0085',
  '\u202egnihton\u2066',
  '\ud800',
  '\udfff\ud800',
  '<script>alert(1)</script>',
  '[a](javascript:alert(1)) ![b](http://203.0.113.7/x.png)',
  '{{ insert: param, ac-1_prm_1 }}',
  "=cmd|' /C calc'!A0",
  '@SUM(1)',
  '＝1+1',
  '"},"status":"pass"},{"',
  '`*_~^#|!&lt;\\',
  '__proto__',
  'constructor',
  '\u2028\u2029',
  'e\u0301\u0301\u0301\u0301\u0301\u0301',
  '💥'.repeat(3_000),
  'a'.repeat(9_000),
  'http://[::1]:9200/a|b?c=%zz#{d}#e',
]

const text = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary', maxLength: 30 }), fc.string())
/** Text as it may be in evidence: RFC 8785 has no form for half pairs. */
const wellFormed = text.map(written => written.toWellFormed())
const time = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2899-12-31T00:00:00Z'), noInvalidDate: true })
  .map(date => date.toISOString())
const amount = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null })
const number = fc.double({ noNaN: true, noDefaultInfinity: true })
const count = fc.nat()
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
  since: text,
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

/** Any report of the model's form: ids are unique, times are of this millennium, texts are anything. */
export const arbitraryReport: fc.Arbitrary<Report> = fc
  .record({
    version: fc.constant(1 as const),
    id: fc.uuid({ version: 5 }),
    title: text,
    organisation: text,
    synthetic: fc.boolean(),
    period: fc.record({ name: text, start: time, end: time, timeZone: text }),
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
          observer: text,
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
    changes: fc.constant(NO_CHANGES),
    trend: fc.constant([]),
    remediation: fc.constant(null),
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
