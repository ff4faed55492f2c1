import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { htmlDocument } from '../../../../compliance/render/html/document.ts'
import { contrasts } from '../../../../service/page/palette.ts'
import { arbitraryReport } from '../../arbitrary-report.ts'
import { hostileReport, hostileTexts, largeReport } from '../../hostile-report.ts'
import { type Element, elementsOf, readMarkup, textOf } from '../../markup.ts'
import { sampleReport } from '../../sample-report.ts'

const elements = new Set(
  (
    'html head meta title style body a svg defs symbol use circle path rect header div p span h1 h2 h3 h4 bdi b code ' +
    'dl dt dd time nav ul li main section article table caption thead tbody tr th td br desc footer pre'
  ).split(' '),
)
const attributes = new Set(
  (
    'lang charset http-equiv content name class href id aria-hidden aria-label aria-labelledby focusable width height ' +
    'viewBox fill d stroke stroke-width stroke-linecap stroke-linejoin stroke-dasharray cx cy r x y role scope colspan ' +
    'datetime tabindex'
  ).split(' '),
)
/** What a reader cannot see, or that moves other text. */
const INVISIBLE = /[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u

function expectOnlyOurMarkup(source: string): Element {
  const document = readMarkup(source)
  const all = elementsOf(document)
  expect(all.map(({ name }) => name).filter(name => !elements.has(name))).toEqual([])
  expect(all.flatMap(one => Object.keys(one.attributes)).filter(name => !attributes.has(name))).toEqual([])
  const ids = all.flatMap(one => one.attributes.id ?? [])
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  const targets = all.flatMap(one => one.attributes.href ?? [])
  expect(targets.filter(target => !(target.startsWith('#') && ids.includes(target.slice(1))))).toEqual([])
  expect(source).not.toMatch(INVISIBLE)
  return document
}

const find = (document: Element, test: (element: Element) => boolean) => elementsOf(document).filter(test)
const named = (document: Element, name: string) => find(document, element => element.name === name)

describe('the HTML of a report', () => {
  it('is well-formed, with our own markup only, whatever its texts are', () => {
    fc.assert(
      fc.property(arbitraryReport, report => {
        expectOnlyOurMarkup(htmlDocument(report))
      }),
      { numRuns: 60 },
    )
  })

  it.each([
    ['the sample', sampleReport()],
    ['hostile texts', hostileReport()],
    ['hostile texts in a large report', hostileReport(largeReport(60))],
  ])('has only our own markup: %s', (_, report) => {
    expectOnlyOurMarkup(htmlDocument(report))
  })

  it('shows a hostile text as what it is', () => {
    const document = readMarkup(htmlDocument(sampleReport({ organisation: hostileTexts[0] as string })))
    expect(textOf(named(document, 'header')[0] as Element)).toContain('<script>alert(1)</script>')
  })

  it('is the same for the same report, in every time zone and language and at every time', () => {
    const script = `const { htmlDocument } = await import('./compliance/render/html/document.ts')
      const { sampleReport } = await import('./test/compliance/sample-report.ts')
      const { createHash } = await import('node:crypto')
      console.log(createHash('sha256').update(htmlDocument(sampleReport())).digest('hex'))`
    const there = (TZ: string, LANG: string) =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { env: { TZ, LANG, LC_ALL: LANG } })
        .toString()
        .trim()
    const here = createHash('sha256').update(htmlDocument(sampleReport())).digest('hex')
    expect(there('Pacific/Chatham', 'ar_EG.UTF-8')).toBe(here)
    expect(there('America/St_Johns', 'de_DE.UTF-8')).toBe(here)
  })

  it('does not depend on the order of keys that mean nothing', () => {
    const report = sampleReport()
    expect(htmlDocument(JSON.parse(JSON.stringify(report)))).toBe(htmlDocument(report))
  })

  it('loads nothing and runs nothing: its policy allows its own style sheet alone', () => {
    const source = htmlDocument(sampleReport())
    const document = readMarkup(source)
    const policy = find(document, one => one.attributes['http-equiv'] === 'Content-Security-Policy')[0]?.attributes
      .content
    const style = textOf(named(document, 'style')[0] as Element)
    const hash = createHash('sha256').update(style).digest('base64')
    expect(policy).toContain('default-src &#39;none&#39;')
    expect(policy).toContain('script-src &#39;none&#39;')
    expect(policy).toContain(`style-src &#39;sha256-${hash}&#39;`)
    expect(style).not.toMatch(/url\((?!#)|@import|https?:/)
  })

  it('is at most 2 MB with 60 controls, also with hostile texts', () => {
    expect(Buffer.byteLength(htmlDocument(largeReport(60)))).toBeLessThan(2_000_000)
    expect(Buffer.byteLength(htmlDocument(hostileReport(largeReport(60))))).toBeLessThan(2_000_000)
  })

  it('has landmarks, headings in order, and tables with captions and scopes', () => {
    const document = readMarkup(htmlDocument(sampleReport()))
    for (const landmark of ['header', 'nav', 'main', 'footer']) expect(named(document, landmark)).toHaveLength(1)
    const levels = find(document, ({ name }) => /^h[1-6]$/.test(name)).map(({ name }) => Number(name[1]))
    expect(levels[0]).toBe(1)
    expect(levels.filter(level => level === 1)).toHaveLength(1)
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([])
    for (const table of named(document, 'table')) {
      expect(named(table, 'caption').map(textOf).join('')).not.toBe('')
      expect(named(table, 'th').filter(({ attributes: { scope } }) => scope !== 'col' && scope !== 'row')).toEqual([])
    }
  })

  it('names every chart for a reader who cannot see it', () => {
    const document = readMarkup(htmlDocument(sampleReport()))
    const charts = find(document, one => one.name === 'svg' && one.attributes.role === 'img')
    expect(charts.length).toBeGreaterThan(40)
    expect(charts.filter(chart => named(chart, 'title').map(textOf).join('') === '')).toEqual([])
    const others = find(document, one => one.name === 'svg' && one.attributes.role !== 'img')
    expect(others.filter(one => one.attributes['aria-hidden'] !== 'true')).toEqual([])
  })

  it('never shows a status by its colour alone', () => {
    const document = readMarkup(htmlDocument(sampleReport()))
    const badges = find(document, one => /^badge /.test(one.attributes.class ?? ''))
    expect(badges.length).toBeGreaterThan(60)
    for (const badge of badges) {
      expect(textOf(badge)).toMatch(/^(Pass|Fail|Unknown|Manual|Exception)$/)
      expect(named(badge, 'use')).toHaveLength(1)
    }
  })

  it('writes texts in colours that reach 4.5 on what is behind them', () => {
    const style = textOf(named(readMarkup(htmlDocument(sampleReport())), 'style')[0] as Element)
    const used = new Set(Array.from(style.matchAll(/[ {;]color: ?var\(--(\w+)\)/g), ([, role]) => role))
    const readable = contrasts.filter(({ on, least }) => least >= 4.5 && on.includes('surface')).map(({ of }) => of)
    expect([...used].filter(role => !(readable as (string | undefined)[]).includes(role) && role !== 'normal')).toEqual(
      [],
    )
  })

  it('marks a synthetic report at its beginning, its end, and in the margin of every printed page', () => {
    const source = htmlDocument(sampleReport({ synthetic: true }))
    const document = readMarkup(source)
    expect(textOf(named(document, 'main')[0] as Element).trim()).toMatch(/^Synthetic data:/)
    expect(textOf(named(document, 'title')[0] as Element)).toContain('synthetic data')
    expect(textOf(named(document, 'footer')[0] as Element)).toContain('Synthetic data.')
    expect(source).toContain('@top-center{content:"SYNTHETIC')
    expect(htmlDocument(sampleReport())).not.toMatch(/synthetic data/i)
  })

  it('cannot be ended by what is in the margins of its pages', () => {
    const hostile = `"; } </style><script>\\0a\n`
    const source = htmlDocument(sampleReport({ organisation: hostile, title: hostile }))
    const style = textOf(named(readMarkup(source), 'style')[0] as Element)
    expect(style).toContain('@top-left{content:"\\000022')
    expect(style.match(/</g)).toBeNull()
  })
})
