import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import type { PageModel } from '../../../../../exporter/web/page/model.ts'
import { pageHeaders, renderPage } from '../../../../../exporter/web/page/sections/render.ts'
import { emptyModel, minutesOf, sampleModel, signalOf } from '../sample.ts'

const hostile = `</td><script>alert(1)</script><img src=x onerror=alert(2)>"'\u202e\u0007\u001b[31m`

/** Every text that an outsider could have written, replaced. */
function hostileModel(text: string): PageModel {
  const model = sampleModel()
  return {
    ...model,
    notes: [text],
    sources: model.sources.map(source => ({
      ...source,
      name: text,
      reason: text,
      undecoded: [{ name: text, count: 1 }],
    })),
    gateways: model.gateways.map(gateway => ({ ...gateway, name: text })),
    zones: model.zones.map(({ signals }) => ({
      trustZone: text,
      signals: signals.map(signal => ({
        ...signal,
        reasons: [{ name: text, count: 1 }],
        gateways: [{ name: text, count: 1 }],
      })),
    })),
    events: model.events.map(event => ({
      ...event,
      reason: text,
      gateway: text,
      trustZone: text,
      source: text,
      address: text,
      identity: text,
      device: text,
      details: { target: text, scopes: text },
    })),
    offenders: model.offenders.map(offender => ({
      ...offender,
      address: text,
      facts: {
        country: text,
        system: { number: 64_500, organization: text },
        lists: [{ list: text, verdict: 'malicious' as const }],
      },
    })),
  }
}

function withSignal(minutes: ReturnType<typeof minutesOf>): PageModel {
  return { ...emptyModel(), zones: [{ trustZone: 'edge', signals: [signalOf('auth_failures', { minutes })] }] }
}

describe('renderPage', () => {
  describe('where a signal is scored', () => {
    const minutes = minutesOf({ mean: minute => (minute >= 50 ? 12 : 0) })
    const scored = (expected: readonly (number | undefined)[]) =>
      renderPage({
        ...emptyModel(),
        zones: [{ trustZone: 'edge', signals: [signalOf('auth_failures', { minutes, usualPerHour: 60, expected })] }],
      })

    it('draws what was expected of each minute in place of the usual rate, with a gap where that is unknown', () => {
      const page = scored(minutes.map((_, minute) => (minute < 2 ? undefined : minute >= 50 ? 12 : 0.1)))
      expect(page.match(/<path class="expected" d="([^"]*)"/)?.[1]).toMatch(/^M8 [\d.]+h4V[\d.]+h4/)
      expect(page).not.toContain('<line class="usual"')
    })

    it('colours no bar that a job brings as usual, and every one that it does not', () => {
      const isRed = (page: string) => page.includes('<path class="bar anomalous"')
      expect(isRed(scored(minutes.map((_, minute) => (minute >= 50 ? 12 : 0.1))))).toBe(false)
      expect(isRed(scored(minutes.map(() => 0.1)))).toBe(true)
    })
  })

  it('gives the same bytes for the same model', () => {
    expect(renderPage(sampleModel())).toBe(renderPage(sampleModel()))
  })

  it('says first which zone is anomalous, how much and compared with what', () => {
    const page = renderPage(sampleModel())
    expect(page).toMatch(/id="headline"[^>]*><bdi class="data">agent-control<\/bdi> is anomalous/)
    expect(page).toMatch(/<strong>\d+<\/strong> in the last hour, \d+ times the usual 14/)
    expect(page).toMatch(/Sources down:<\/span> <bdi class="data">berlin-file</)
    expect(page.indexOf('id="zone-agent-control"')).toBeLessThan(page.indexOf('id="zone-analytics"'))
  })

  it('shows hostile text as text in every place', () => {
    const page = renderPage(hostileModel(hostile))
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page).not.toContain('<img')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is what is tested
    expect(page).not.toMatch(/[\u202e\u0007\u001b]/)
    expect(page).toContain('\\u202e\\x07\\x1b[31m')
  })

  it('shows with an event what else its record reports', () => {
    const model = sampleModel()
    const details = { policy: 'exec.approval', 'target owner': 'gateway' }
    const page = renderPage({ ...model, events: model.events.slice(0, 1).map(event => ({ ...event, details })) })
    expect(page).toContain(
      'policy <bdi class="data">exec.approval</bdi> · target owner <bdi class="data">gateway</bdi>',
    )
  })

  it('cuts text of 5,000 characters everywhere and shows its length', () => {
    const page = renderPage(hostileModel('w'.repeat(5000)))
    expect(page).toContain('(5,000 characters)')
    expect(page).not.toMatch(/>[^<]*w{401}/)
  })

  it('loads nothing from elsewhere, has no inline handler or style, and its policy allows just its own parts', () => {
    const page = renderPage(sampleModel())
    expect(page).not.toMatch(/(?:src|href)="(?!data:|#|\/|")/)
    expect(page).not.toMatch(/<[^>]*\s(?:on\w+|style)=/)
    for (const tag of ['style', 'script']) {
      const [, body] = page.match(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`)) as RegExpMatchArray
      const hash = createHash('sha256')
        .update(body as string)
        .digest('base64')
      expect(pageHeaders['content-security-policy']).toContain(`${tag}-src 'sha256-${hash}'`)
    }
  })

  it('gives no command, so that it is the same for every client that may view it', () => {
    expect(renderPage(sampleModel())).not.toMatch(/<form\b/)
    expect(pageHeaders['content-security-policy']).toContain("form-action 'none'")
  })

  it('hatches unknown minutes and calls the total a lower bound, instead of drawing zero', () => {
    const away = withSignal(minutesOf({ mean: () => 3, mark: minute => (minute < 12 ? 'unknown' : 'complete') }))
    const page = renderPage(away)
    expect(page).toContain('class="gap" fill="url(#hatch)" x="0" y="0" width="48"')
    expect(page).toMatch(/aria-label="auth failures, the last hour by minute: [^"]*12 minutes unknown"/)
    expect(page).toContain('at least ')
    expect(page).toContain('<td role="cell" class="number">unknown</td>')
    expect(renderPage(withSignal(minutesOf({ mean: () => 3 })))).not.toContain('class="gap"')
  })

  it('names a signal that no source reports as not measured and draws no chart of it', () => {
    const signals = [signalOf('auth_successes', { blindSpot: 'No source reports it.' })]
    const page = renderPage({ ...emptyModel(), zones: [{ trustZone: 'edge', signals }] })
    expect(page).toContain('auth successes: not measured.')
    expect(page).not.toContain('role="img"')
  })

  it('says what to do when there is nothing to show', () => {
    const page = renderPage(emptyModel())
    expect(page).toContain('No source is configured')
    expect(page).toContain('No source is configured. Add one')
    expect(page).toContain('No security events yet.')
    expect(page).toContain('No offenders.')
  })

  it('says of offenders what is known, the malicious marks first, and explains those of networks', () => {
    const lists = [
      { list: 'scanners', verdict: 'benign' as const },
      ...['a', 'b', 'c', 'd'].map(list => ({ list, verdict: 'malicious' as const })),
    ]
    const [offender] = sampleModel().offenders
    const of = (facts: PageModel['offenders'][number]['facts'], address = '192.0.2.1') =>
      renderPage({ ...emptyModel(), offenders: [{ ...(offender as PageModel['offenders'][number]), address, facts }] })
    const page = of({ country: 'DE', system: { number: 64_500 }, lists })
    expect(page).toContain('<span class="sub"><bdi class="data">DE</bdi> · AS64500</span>')
    expect(page.match(/malicious by <bdi class="data">\w<\/bdi>/g)).toHaveLength(3)
    expect(page).toContain('on 2 more')
    expect(page).not.toContain('benign by')
    expect(page).not.toContain('A network has the country')
    expect(of({ lists }, '2001:db8::/64')).toContain('A network has the country')
    expect(of({ lists: [] }, '2001:db8::/64')).not.toContain('A network has the country')
  })

  it('does not call missing data health when a source is down or the backlog is being read', () => {
    const [source] = sampleModel().sources
    const sources = [{ ...(source as PageModel['sources'][number]), up: false, reason: 'no permission' }]
    expect(renderPage({ ...emptyModel(), sources })).toContain('cannot be read: missing data is not health')
    const foreign = sources.map(one => ({ ...one, up: true, unrecognised: true, notices: ['in no known format'] }))
    const page = renderPage({ ...emptyModel(), sources: foreign })
    expect(page).toContain('1 source of 1 is in no known format: missing data is not health')
    expect(page).toContain('<section class="verdict unknown"')
    const assessment = { ready: false, reason: 'reading the backlog, 3 GiB left' }
    expect(renderPage({ ...emptyModel(), readiness: assessment })).toContain('reading the backlog, 3 GiB left')
  })

  it('names first the sources that are up and of which a part is not counted', () => {
    const [source] = sampleModel().sources
    const up = { ...(source as PageModel['sources'][number]), up: true }
    const warned = {
      ...up,
      name: 'with-apache',
      notices: ['Nothing that was read of file a.log is in a known format.'],
    }
    const page = renderPage({ ...emptyModel(), sources: [up, warned] })
    expect(page).toMatch(/Sources with warnings:<\/span> <bdi class="data">with-apache<\/bdi>; see <a /)
    expect(page.indexOf('Sources with warnings')).toBeLessThan(page.indexOf('id="zones-heading"'))
    expect(renderPage({ ...emptyModel(), sources: [{ ...up, notices: [] }] })).not.toContain('Sources with warnings')
  })

  it('names the address with the most events of a signal that is found, and none where nothing is found', () => {
    const model = sampleModel()
    const [offender] = model.offenders
    const of = (address: string, signal: 'auth_failures' | 'posture_drifts') => ({
      ...(offender as PageModel['offenders'][number]),
      address,
      signal,
      events: 25,
    })
    const offenders = [
      of('192.0.2.1', 'posture_drifts'),
      of('192.0.2.2', 'auth_failures'),
      of('192.0.2.3', 'auth_failures'),
    ]
    const zones = model.zones
      .filter(({ trustZone }) => trustZone === 'agent-control')
      .map(zone => ({ ...zone, signals: zone.signals.filter(({ signal }) => signal === 'auth_failures') }))
    const page = renderPage({ ...model, zones, offenders })
    expect(page).toMatch(
      /Top offender: <strong><bdi class="data">192\.0\.2\.2<\/bdi><\/strong>, auth failures 25; see <a /,
    )
    expect(renderPage({ ...emptyModel(), offenders })).not.toContain('Top offender')
  })

  it('marks a source that is up with a warning as such', () => {
    const [source] = sampleModel().sources
    const up = { ...(source as PageModel['sources'][number]), up: true }
    expect(renderPage({ ...emptyModel(), sources: [{ ...up, notices: ['a part is not read'] }] })).toContain(
      'up, with a warning',
    )
    expect(renderPage({ ...emptyModel(), sources: [{ ...up, notices: [] }] })).not.toContain('up, with a warning')
  })

  it('hints at two gateways under one name and marks the demo', () => {
    const page = renderPage(sampleModel())
    expect(page).toContain('2 ports under one name')
    expect(page).toContain('<bdi class="data">demo-gateway</bdi> <span class="badge">demo</span>')
  })
})
