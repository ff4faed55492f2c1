import { describe, expect, it } from '@jest/globals'
import { reporters } from '../../../../../exporter/sources/reporters.ts'
import { coverageSection } from '../../../../../exporter/web/page/sections/coverage.ts'
import { coverageOf } from '../../../../../exporter/web/signal-coverage/coverage.ts'
import { emptyModel, sampleModel } from '../sample.ts'

const sectionOf = (model = sampleModel()) => coverageSection(model).markup

describe('the section Coverage', () => {
  it('says first how many signals are blind, and lists those first', () => {
    const page = sectionOf()
    expect(page).toMatch(/<strong>2 of 9 signals are blind<\/strong>: their zeros mean nothing\./)
    expect(page.indexOf('approvals')).toBeLessThan(page.indexOf('auth failures'))
    expect(page).toContain('No permission to read /var/log/nginx/openclaw-access.log')
  })

  it('shows the last event of each trust zone, and which have none', () => {
    const page = sectionOf()
    expect(page).toMatch(/<bdi class="data">edge-file<\/bdi> <span class="muted">\(openclaw-file\)<\/span>/)
    expect(page).toMatch(/<bdi class="data">agent-control<\/bdi> <span class="muted">1 min ago<\/span>/)
    expect(page).toMatch(/no event yet: <bdi class="data">lab<\/bdi>/)
  })

  it('says once, where only recordings are played, that nothing of this host is read', () => {
    const recorded = coverageOf({ sources: [], isRecorded: true, reporters, trustZones: [] })
    const page = sectionOf({ ...sampleModel(), coverage: recorded })
    expect(page.match(/Only recordings are played; nothing of this host is read\./g)).toHaveLength(1)
    expect(page).toContain('Of this host, all 9 signals are blind: auth failures, auth successes, ')
    expect(page).not.toContain('Signals, and the sources that report them')
    expect(page).not.toContain('their zeros')
  })

  it('says of a blind signal that its trust zones and its last event are not known, and has no empty column', () => {
    const blind = (page: string) =>
      page.slice(page.indexOf('>approvals<'), page.indexOf('</tr>', page.indexOf('>approvals<')))
    expect(blind(sectionOf()).match(/not known/g)).toHaveLength(2)
    const nothing = sectionOf(emptyModel())
    for (const head of ['read from', 'trust zones']) expect(nothing).not.toContain(`>${head}<`)
    expect(nothing).not.toContain('not known')
  })

  it('has the exact lines for what is blind, line by line', () => {
    const page = sectionOf({ ...emptyModel() })
    expect(page).toContain('9 of 9 signals are blind')
    expect(page).toContain(
      '<pre>exporter:\n  sources:\n    - type: file\n      name: openclaw\n      paths: [&#39;/tmp/openclaw/openclaw-*.log&#39;]\n</pre>',
    )
  })

  it('has the lines for certificates, for tunnels, and for what a shipper stores', () => {
    const page = sectionOf({ ...emptyModel() })
    for (const type of ['certificates', 'wireguard', 'elasticsearch']) expect(page).toContain(`- type: ${type}\n`)
    expect(page).toContain('in one of the envelopes filebeat, fluent-bit, ')
  })

  it('shows sentences of a source as text', () => {
    const model = sampleModel()
    const hostile = '<script>alert(1)</script>\u202e'
    const signals = model.coverage.signals.map(signal => ({
      ...signal,
      reasons: [{ code: 'source_down' as const, source: hostile, sentence: hostile }],
    }))
    const page = sectionOf({ ...model, coverage: { ...model.coverage, signals } })
    expect(page).not.toContain('<script>')
    expect(page).not.toContain('\u202e')
  })
})
