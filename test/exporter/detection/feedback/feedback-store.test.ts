import { describe, expect, it } from '@jest/globals'
import { type Feedback, feedbackOf, feedbackSchema } from '../../../../exporter/detection/feedback/feedback.ts'
import { bench, countsOf, DAY, key, live, only, Saved, START } from '../fixtures.ts'

const at = (minute: number) => (START + minute * 60) * 1000
const word = (parts: Partial<Feedback> = {}): Feedback => ({
  signal: 'auth_failures',
  trust_zone: 'agent-control',
  from: at(11520),
  to: at(11580),
  verdict: 'fine',
  expires: at(25 * 1440),
  ...parts,
})
function savedOf(setup: ReturnType<typeof bench>) {
  const saved = new Saved()
  saved.take(setup.saved.changes().blobs)
  return saved.blobs
}

/** Calm for eight days, then two equal bursts, a day apart. */
const counts = countsOf(13640, 11520).map((count, minute) => (minute >= 12960 && minute < 12990 ? 20 : count))

function activeMinutes(feedback: readonly Feedback[]): number[] {
  const setup = bench({ feedback })
  live(setup, counts.slice(0, 11440))
  const active: number[] = []
  for (let minute = 11440; minute < counts.length; minute++) {
    live(setup, counts.slice(0, minute + 1), minute)
    if (only(setup).active) active.push(minute)
  }
  return active
}

describe('feedback of an operator on a series', () => {
  const unsaid = activeMinutes([])

  it('is needed here: both bursts are anomalous without it', () => {
    expect(unsaid.some(minute => minute < 11580)).toBe(true)
    expect(unsaid.some(minute => minute >= 12960 && minute < 12990)).toBe(true)
  })

  it('mutes it within the span and no longer', () => {
    const muted = activeMinutes([word({ verdict: 'mute' })])
    expect(muted.filter(minute => minute < 11580)).toEqual([])
    expect(muted.filter(minute => minute >= 12960)).toEqual(unsaid.filter(minute => minute >= 12960))
  })

  it('is learnt as normal with the verdict fine: as many events again do not alert', () => {
    const fine = activeMinutes([word({ to: at(11920) })])
    expect(fine).toEqual([])
  })

  it('holds until it expires', () => {
    const expired = activeMinutes([word({ to: at(11840), expires: at(12940) })])
    expect(expired.some(minute => minute >= 12960 && minute < 12990)).toBe(true)
  })

  it('is about its own series only', () => {
    expect(activeMinutes([word({ verdict: 'mute', gateway: 'edge-2' })])).toEqual(unsaid)
    expect(activeMinutes([word({ verdict: 'mute', signal: 'auth_lockouts' })])).toEqual(unsaid)
  })

  it('leaves every score as it was', () => {
    const [plain, said] = [bench(), bench({ feedback: [word()] })]
    for (const setup of [plain, said]) live(setup, counts.slice(0, 11540))
    expect(only(said).explain()).toEqual(only(plain).explain())
    expect([only(plain).active, only(said).active]).toEqual([true, false])
  })

  it('may be said afterwards, and survives a restart', () => {
    const setup = bench()
    live(setup, counts.slice(0, 11840))
    expect(setup.scoring.addFeedback(word({ to: at(11840) }))).toBe(1)
    const again = bench()
    again.saved.restore({ documents: [], blobs: savedOf(setup) })
    expect(again.scoring.feedbackStore.list(at(11840))).toEqual([
      { feedback: word({ to: at(11840) }), configured: false },
    ])
    live(again, counts)
    expect(again.scoring.feedbackStore.list(at(26 * 1440))).toEqual([])
    live(setup, counts.slice(0, 12985), 11840)
    expect(only(setup).latest?.active).toBe(true)
    expect(only(setup).active).toBe(false)
  })

  it('is forgotten when the configuration no longer says it', () => {
    const setup = bench({ feedback: [word()] })
    live(setup, counts.slice(0, 11540))
    const again = bench()
    again.saved.restore({ documents: [], blobs: savedOf(setup) })
    expect(again.scoring.feedbackStore.list(at(11540))).toEqual([])
  })
})

describe('feedback as it is written', () => {
  const written = {
    signal: 'auth_failures',
    trust_zone: key.trustZone,
    from: '2026-11-22T02:00:00Z',
    to: '2026-11-22T04:00:00+01:00',
    verdict: 'fine',
  }

  it('holds 30 days beyond its span, unless it says otherwise', () => {
    const { to, expires } = feedbackOf(feedbackSchema.parse(written))
    expect(to).toBe(Date.UTC(2026, 10, 22, 3))
    expect(expires).toBe(to + 30 * DAY * 1000)
  })

  it.each([
    ['from', '2026-11-22'],
    ['from', '2026-13-40T00:00:00Z'],
    ['to', '2026-11-22T01:00:00Z'],
    ['to', '2027-11-22T02:00:00Z'],
    ['verdict', 'ok'],
    ['signal', 'nothing'],
  ])('is refused with %s %s', (name, value) => {
    expect(feedbackSchema.safeParse({ ...written, [name]: value }).success).toBe(false)
  })
})
