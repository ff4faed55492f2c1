import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { digestOf } from '../../../compliance/model/digest.ts'
import type { Report } from '../../../compliance/model/report.ts'
import { htmlDocument } from '../../../compliance/render/html/document.ts'
import { pagesOf } from '../../../compliance/render/pdf/pages.ts'
import { pdfRenderer } from '../../../compliance/render/pdf/renderer.ts'
import type { Json } from '../../../service/state/state.ts'
import { hostileReport, largeReport } from '../../compliance/hostile-report.ts'
import { elementsOf, readMarkup, textOf } from '../../compliance/markup.ts'
import { sampleReport } from '../../compliance/sample-report.ts'
import { withCommands } from '../../requirements.ts'
import { tenQuestions } from './ten-questions.ts'

withCommands('chromium-headless-shell', 'pdfinfo', 'pdftotext').describe('a report that Chromium printed', () => {
  const notes: string[] = []
  let folder: string
  let temporaryFolder: string
  const paths = new Map<string, string>()

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'clawtrust-printed-'))
    temporaryFolder = mkdtempSync(join(folder, 'temporary-'))
    const renderer = pdfRenderer({
      path: process.env.PATH ?? '',
      temporaryFolder,
      timeout: 180_000,
      isRoot: process.getuid?.() === 0,
      note: sentence => notes.push(sentence),
    })
    for (const [name, report] of reports()) {
      const path = join(folder, `${name}.pdf`)
      writeFileSync(path, await renderer.render(report))
      paths.set(name, path)
    }
  }, 600_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const path = (name: string) => paths.get(name) as string
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'pipe'] }).toString()
  /** As another program reads them, a text a page. */
  const pagesByPdftotext = (name: string, ...options: string[]) =>
    run('pdftotext', ...options, path(name), '-')
      .split('\f')
      .slice(0, -1)
  const words = (text: string) => text.replace(/[\s\u200b]+/g, ' ')

  it('answers ten questions on page one alone', () => {
    const [text = ''] = pagesByPdftotext('sample', '-raw')
    const shown = words(text)
    const unanswered = tenQuestions.map(([question, answers]) => [
      question,
      answers.filter(answer => !shown.includes(answer)),
    ])
    expect(unanswered).toEqual(tenQuestions.map(([question]) => [question, []]))
    expect(shown).toContain(digestOf(sampleReport() as unknown as Json))
  })

  it.each(['sample', 'hostile'])('has page one on one page, and the sections after it: %s', name => {
    const pages = pagesByPdftotext(name, '-raw').map(words)
    expect(pages[0]).toContain('Approved by')
    expect(pages[1]).toContain('1. Coverage in detail')
    expect(pages.findIndex(page => page.includes('Approved by'))).toBe(0)
  })

  it('has the same bytes each time', () => {
    expect(run('cmp', path('sample'), path('again'))).toBe('')
    expect(run('pdfinfo', '-isodates', path('sample'))).toMatch(
      /CreationDate: +2026-12-01T05:00:00Z\nModDate: +2026-12-01T05:00:00Z/,
    )
  })

  it('has a number on each of its pages, and the mark of a synthetic report', () => {
    const pages = pagesByPdftotext('hostile').map(words)
    expect(pages.length).toBeGreaterThan(20)
    for (const [index, page] of pages.entries()) expect(page).toContain(`Page ${index + 1} of ${pages.length}`)
    expect(pages.filter(page => !page.includes('SYNTHETIC DATA, evidence of nothing'))).toEqual([])
    expect(pagesByPdftotext('sample').filter(page => /synthetic/i.test(page))).toEqual([])
  })

  it.each(['sample', 'hostile'])('parts no heading from its text: %s', name => {
    const report = new Map(reports()).get(name) as Report
    const headings = new Set(
      elementsOf(readMarkup(htmlDocument(report)))
        .filter(({ name }) => /^h[2-4]$/.test(name))
        .map(heading => words(textOf(heading)).trim()),
    )
    const last = pagesOf(pdf(name)).map(page => lastLines(page.text))
    expect(last.filter(lines => lines.some(line => headings.has(line)))).toEqual([])
  })

  it('repeats the heads of tables on the next page', () => {
    const withHeads = pagesByPdftotext('hostile', '-raw').filter(
      page => page.includes('Evidence\n') && page.includes('Outcome'),
    )
    expect(withHeads.length).toBeGreaterThan(5)
  })

  it('is tagged: headings, tables with heads, charts with their words', () => {
    expect(run('pdfinfo', path('sample'))).toMatch(/^Tagged: +yes$/m)
    const structure = run('pdfinfo', '-struct', path('sample'))
    const count = (tag: string) => structure.match(new RegExp(`^ *${tag}\\b`, 'gm'))?.length ?? 0
    expect(count('H1')).toBe(1)
    expect(count('H2')).toBeGreaterThan(12)
    expect(count('Table')).toBeGreaterThan(30)
    expect(count('TH')).toBeGreaterThan(500)
    expect(count('/Scope')).toBeGreaterThan(500)
    const file = pdf('sample').toString('latin1')
    expect(count('Figure')).toBeGreaterThan(40)
    expect(file.match(/\/S \/Figure/g)).toHaveLength(file.match(/\/Alt /g)?.length ?? 0)
    expect(file).toContain('/Alt (caddy-edge: 87.1 % of the period observed, 1 gap)')
  })

  it('has an outline of its sections and its language', () => {
    const file = pdf('sample').toString('latin1')
    expect(file).toContain('/Title (3. Controls by framework)')
    expect(file).toContain('/Title (Annex: evidence)')
    expect(file).toContain('/Lang (en)')
  })

  it('has pages whose text is read as another program reads it', () => {
    const letters = (text: string) => [...text.replace(/\s+/g, '')].toSorted().join('')
    const own = pagesOf(pdf('sample'))
    const other = pagesByPdftotext('sample', '-raw')
    expect(own.map(page => letters(page.text))).toEqual(other.map(letters))
  })

  it('shows by the hashes of its pages which one another figure changed', () => {
    const before = pagesOf(pdf('sample'))
    const after = pagesOf(pdf('changed'))
    const changed = before.filter(({ sha256 }, index) => sha256 !== after[index]?.sha256)
    const showing = before.filter(({ text }) => text.includes('1,225'))
    // Page one has the hash of the model.
    expect(changed.map(({ number }) => number)).toEqual([1, ...showing.map(({ number }) => number)])
  })

  it('shows hostile texts as texts', () => {
    const text = pagesByPdftotext('hostile', '-raw').join('\n')
    expect(text).toContain('<script>alert(1)</script>')
    expect(run('pdfinfo', path('hostile'))).toMatch(/^JavaScript: +no$/m)
  })

  it('leaves nothing behind and says that root prints without the sandbox', () => {
    expect(readdirSync(temporaryFolder)).toEqual([])
    expect(new Set(notes).size).toBe(process.getuid?.() === 0 ? 1 : 0)
  })

  const pdf = (name: string) => readFileSync(path(name))
})

/** Of a page, before what is in its margins: the last line, or the last two where a heading has two. */
function lastLines(text: string): string[] {
  const lines = text.split('\n').map(line => line.replaceAll('\t', ' '))
  return [lines.at(-1) ?? '', lines.slice(-2).join(' ')]
}

/** The sample twice, once with another count in a single piece of evidence, and a large one with hostile texts. */
function reports(): [string, Report][] {
  const sample = sampleReport()
  const last = sample.evidence.findIndex(({ count }) => count === 1225)
  const evidence = sample.evidence.with(last, { ...(sample.evidence[last] as Report['evidence'][number]), count: 1226 })
  return [
    ['sample', sample],
    ['again', sampleReport()],

    ['changed', { ...sample, evidence }],
    ['hostile', hostileReport(largeReport(60, { synthetic: true, redacted: true }))],
  ]
}
