import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { shadowJson } from '../../../policy/shadow/render/json.ts'
import { shadowPage } from '../../../policy/shadow/render/page.ts'
import { shadowText } from '../../../policy/shadow/render/text.ts'
import { policyOf, replayed } from './replayed.ts'
import { SINCE, seededDocuments } from './seeded-history.ts'

const report = replayed(seededDocuments().map(document => JSON.stringify(document)))

/** A flow with a text of an attacker wherever a record has one. */
const hostileLine = (text: string): string =>
  JSON.stringify({
    flow: {
      time: new Date(SINCE + 1).toISOString(),
      verdict: 'FORWARDED',
      IP: { source: text, destination: text },
      l4: { TCP: { destination_port: 443, source_port: 4 } },
      source: { identity: 1000, namespace: text, labels: [`k8s:app=${text}`] },
      destination: { labels: [] },
      destination_names: [text],
      event_type: { type: 5 },
      is_reply: false,
    },
  })

const candidate = policyOf('allow x\n  from: service-identity=x\n  to: a.local:443\n')
const hostile = (text: string) => replayed([hostileLine(text)], { candidate })

const texts = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '\u001b[2J\u001b]0;owned\u0007',
  'a\r\nNothing would be denied.',
  '\u202egnp.exe\u2066',
  '\u0000\u009b31m',
  '</style><style>*{display:none}',
]

describe('a report in the terminal', () => {
  const text = shadowText(report)

  it('says first what may be concluded, and from what', () => {
    expect(text.split('\n').slice(0, 8)).toEqual([
      'Policy seeded, 2026-11-16 00:00 to 2026-11-30 00:00 UTC',
      'Flows that pass would be denied.',
      '  * 3 distinct flows (182 events) would be denied',
      '  * 2 distinct flows (84 events) could not be judged, more than 0 % of the events',
      'Evidence: 1,260 events of 10 distinct flows on 14 days, first 2026-11-16 02:00, last 2026-11-29 16:01',
      '',
      '                            flows  events  of all events',
      '  allow                         4     910           72 %',
    ])
  })

  it('tells two versions of a policy with one name from each other', () => {
    for (const shown of [shadowText, shadowPage]) {
      expect(shown({ ...report, against: 'seeded' })).toContain(
        'Would be denied, and passes by the version that --against names',
      )
      expect(shown({ ...report, against: 'old' })).toContain('Would be denied, and passes by the policy old')
    }
  })

  it('marks an end whose letters look like those of another one', () => {
    // The first letter is Cyrillic.
    const lookalike = hostile('\u0430gents')
    expect(shadowText(lookalike)).toContain('[U+0430] \u0430gents/')
    expect(shadowPage(lookalike)).toContain('[U+0430] \u0430gents/')
    expect(shadowText(hostile('м\u00fcller'))).not.toContain('[U+00FC]')
    expect(shadowText(hostile('müller'))).not.toContain('[U+')
  })

  it('names an example of what could not be judged', () => {
    expect(text).toMatch(/^ {2}device-posture +1 +56 +operators +jobs\/operator +data\/store +9200\/tcp$/m)
  })

  it('names the flows, the rules that match nothing, and the gaps', () => {
    expect(text).toMatch(/^ {2}agents\/controller {2,}data\/store +9200\/tcp +agents > data +98 /m)
    expect(text).toContain('Rules that match nothing: nobody-uses-this, expired\n')
    expect(text).toContain('  * logs: hubble says that it lost 12 records; every count may be too low\n')
  })

  it.each(texts)('has no line and no control character of a record: %j', value => {
    const lines = shadowText(hostile(value)).split('\n')
    expect(lines.filter(line => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line))).toEqual([])
    expect(lines).toHaveLength(shadowText(hostile('plain')).split('\n').length)
  })
})

describe('a report as JSON', () => {
  it('is the report', () => {
    expect(JSON.parse(shadowJson(report))).toEqual(JSON.parse(JSON.stringify(report)))
  })

  it('keeps any text of a record as a value, and nothing that a terminal obeys', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(...texts), fc.string({ unit: 'binary', minLength: 1, maxLength: 40 })),
        value => {
          const json = shadowJson(hostile(value))
          expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(hostile(value))))
          expect(json.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('a report as a page', () => {
  const tagsOf = (page: string) => page.match(/<[a-z/!][^>]*>/gi) ?? []

  it.each(texts)('has no element, attribute or control character of a record: %j', value => {
    const page = shadowPage(hostile(value))
    expect(tagsOf(page)).toEqual(tagsOf(shadowPage(hostile('plain'))))
    expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  })

  it('loads nothing, runs nothing, and has no other style than its own', () => {
    const page = shadowPage(report)
    expect(page).toMatch(/Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-/)
    expect(page).not.toMatch(/<script|style="|https?:/)
  })

  it('has the zone matrix, with ends in no zone last', () => {
    const matrix = /<table class="matrix">(.*?)<\/table>/s.exec(shadowPage(report))?.[1] ?? ''
    const heads = [...matrix.matchAll(/<th scope="col">(.*?)<\/th>/g)].map(([, name]) => name)
    expect(heads).toEqual(['from \\ to', 'agents', 'data', 'openclaw', '(no zone)'])
    expect(matrix).toContain('<span class="deny">deny 182</span>')
  })
})
