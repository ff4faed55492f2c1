import type { ControlResult, EvidencePiece, Report } from '../../compliance/model/report.ts'
import { sampleReport } from './sample-report.ts'

/** What attackers, operators and other programs may write into the texts of a report. */
export const hostileTexts: readonly string[] = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>' style='position:fixed'`,
  `</style><style>*{display:none}</style>`,
  `]]><!--<svg onload=alert(1)>--><plaintext>`,
  `admin\u202Etxt.exe\u2066 \u2069\u200B\u00AD\uFEFF`,
  `line one\nline two\r\n\tline three\u0000\u0007\u2028end`,
  `&lt;b&gt; &amp; &#60;i&#62; %3Cscript%3E \\3c script\\3e `,
  `\uD800 lone surrogate \uDC00`,
  `Z\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301algo`,
  `=HYPERLINK("https://evil.example","click")`,
  'w'.repeat(10_000),
  'long words with spaces '.repeat(450),
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

/** Keys whose texts come from catalogues, configurations, stores or people. */
const freeKeys = new Set(
  'title organisation detail address of reason manual remedy unit expected owner statement trustZone index name source version fault control'.split(
    ' ',
  ),
)
const freeLists = new Set(['cannotProve', 'samples', 'objectives'])
/** Any JSON is possible in these. */
const freeJson = new Set(['query', 'result'])
/** A report in which every free text is replaced by one that wants to be markup, layout or something else than it is. */
export function hostileReport(report: Report = sampleReport(), chosen: readonly string[] = hostileTexts): Report {
  let next = 0
  const hostile = () => chosen[next++ % chosen.length] as string
  const texts = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(hostile) : { [hostile()]: [hostile(), null, { deep: hostile() }] }
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return freeKeys.has(key) ? hostile() : value
    if (freeLists.has(key) || (freeJson.has(key) && value !== null)) return texts(value)
    if (Array.isArray(value)) return value.map(one => walk(one, ''))
    if (typeof value !== 'object' || value === null) return value
    if (key === 'byZone') return { [hostile()]: 3, [hostile()]: 1 }
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, walk(one, name)]))
  }
  const made = walk({ ...report, changes: undefined }, '') as Report
  return { ...made, changes: report.changes, generator: report.generator, period: report.period }
}

/** A report of at least so many controls, as large deployments have: the sample again and again under other names. */
export function largeReport(controls: number, change: Partial<Report> = {}): Report {
  const sample = sampleReport()
  const copies = Math.ceil(controls / sample.controls.length)
  const rename = (copy: number) => (id: string) => (copy === 0 ? id : `${id}.${copy}`)
  const copied = <Item>(items: readonly Item[], make: (item: Item, named: (id: string) => string) => Item) =>
    Array.from({ length: copies }, (_, copy) => items.map(item => make(item, rename(copy)))).flat()
  const control = (one: ControlResult, named: (id: string) => string): ControlResult => ({
    ...one,
    id: named(one.id),
    control: named(one.control),
    tests: one.tests.map(test => ({ ...test, evidence: named(test.evidence) })),
  })
  const evidence = (one: EvidencePiece, named: (id: string) => string): EvidencePiece => ({ ...one, id: named(one.id) })
  return {
    ...sample,
    controls: copied(sample.controls, control).slice(0, controls),
    evidence: copied(sample.evidence, evidence),
    risks: copied(sample.risks, (risk, named) => ({ ...risk, control: named(risk.control) })),
    exceptions: copied(sample.exceptions, (one, named) => ({ ...one, control: named(one.control) })),
    ...change,
  }
}
