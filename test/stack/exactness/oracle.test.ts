import { describe, expect, it } from '@jest/globals'
import { MINUTE_MS } from '../../../core/clock.ts'
import { seededRandom } from '../../../core/random.ts'
import type { Connection, Document } from './documents.ts'
import { type Observed, Oracle, type Outcome } from './oracle.ts'
import type { Plan, Step } from './schedule.ts'
import { type Settings, settingsOf } from './settings.ts'
import { type Line, type StoryName, tell } from './stories.ts'

const round = { seed: 1, profile: 'everyday', connections: [], actions: [], replicas: 1 } as const
const settings: Settings = { ...settingsOf(round), horizon: 60 * MINUTE_MS, maxSkew: 5 * MINUTE_MS, skews: [0, 0] }
const start = settings.liveFrom

type Sent = Partial<Document> & { readonly at: number }

/** Documents of one connection, `at` being the stamp in minutes after the first live one. */
function connection(story: StoryName, sent: readonly Sent[], more: Partial<Connection> = {}): Connection {
  const documents = sent.map(({ at, ...document }, number): Document => {
    const stamp = start + at * MINUTE_MS
    const own = { connection: 0, line: number, index: 'logs-000001', id: `id-${number}`, replaces: false } as const
    return { ...own, phase: 0, part: 0, stamp, ...document }
  })
  const lines = tell(story, { gateway: 'gw-0', connection: '3f0c9a52-7a41-4a53-9d0e-52f0c1a7b001' }, seededRandom(1))
  return {
    number: 0,
    gateway: 'gw-0',
    lines,
    eventTime: Math.min(...documents.map(({ stamp }) => stamp)),
    age: 'live',
    documents,
    ...more,
  }
}

/** Writes what the bulks hold, each at its minute; the exporter runs in those of `ran`, or in all. */
function outcomes(
  one: Connection,
  bulks: readonly { minute: number; numbers: number[]; isDown?: boolean }[],
): readonly Outcome[] {
  const steps = bulks.flatMap(({ minute, numbers }): Step[] => [
    { kind: 'clock', to: start + minute * MINUTE_MS, settles: true },
    { kind: 'write', documents: numbers.map(number => one.documents[number] as Document) },
    { kind: 'refresh' },
  ])
  const plan: Plan = { round, settings, connections: [one], history: [], steps }
  const observed: Observed = {
    clock: bulks.flatMap(({ minute }) => [0, 1, 2].map(second => start + minute * MINUTE_MS + second * 1_000)),
    ran: bulks.flatMap(({ isDown = false }) => [!isDown, !isDown, !isDown]),
  }
  return new Oracle(plan, observed).outcomes(one)
}

const said = ({ lines }: Connection, line: number) => {
  const { series, count } = (lines[line] as Line).said ?? { series: '', count: 0 }
  return { [series]: count }
}

describe('the truth of a connection', () => {
  const story = 'refused, and the two lines name two reasons'

  it('is the leading line where both come in one bulk', () => {
    const one = connection(story, [{ at: 0 }, { at: 0 }])
    expect(outcomes(one, [{ minute: 0, numbers: [0, 1] }])).toEqual([{ counts: said(one, 1), exceptions: {} }])
  })

  it('is the leading line, or by name its partner, where the leading one comes minutes later', () => {
    const one = connection(story, [{ at: 0 }, { at: 5 }])
    const bulks = [
      { minute: 0, numbers: [0] },
      { minute: 5, numbers: [1] },
    ]
    expect(outcomes(one, bulks)).toEqual([
      { counts: said(one, 1), exceptions: {} },
      { counts: said(one, 0), exceptions: { leadingAfterPartner: [1, 1] } },
    ])
  })

  it('is the line that is there', () => {
    const one = connection('refused, and the close is not there', [{ at: 0 }])
    expect(outcomes(one, [{ minute: 0, numbers: [0] }])).toEqual([{ counts: said(one, 0), exceptions: {} }])
  })

  it('is one event where a line is written again under another id', () => {
    const one = connection('another origin', [{ at: 0 }, { at: 1, line: 0 }])
    expect(outcomes(one, [{ minute: 1, numbers: [0, 1] }])).toEqual([{ counts: said(one, 0), exceptions: {} }])
  })

  it('is two events where a line without a connection id is written again under another id', () => {
    const one = connection('an old protocol', [{ at: 0 }, { at: 1, line: 0 }])
    const [series] = Object.keys(said(one, 0))
    expect(outcomes(one, [{ minute: 1, numbers: [0, 1] }])).toEqual([{ counts: { [series ?? '']: 2 }, exceptions: {} }])
  })

  it('is one event where a document is written again under its id', () => {
    const one = connection('an old protocol', [
      { at: 0, id: 'a' },
      { at: 1, line: 0, id: 'a', replaces: true },
    ])
    expect(
      outcomes(one, [
        { minute: 0, numbers: [0] },
        { minute: 1, numbers: [1] },
      ]),
    ).toEqual([{ counts: said(one, 0), exceptions: {} }])
  })

  it('counts where it is late by less than half of the horizon', () => {
    const one = connection('an old protocol', [{ at: 0 }])
    expect(outcomes(one, [{ minute: 20, numbers: [0] }])).toEqual([{ counts: said(one, 0), exceptions: {} }])
  })

  it('counts or is named where it comes after the horizon', () => {
    const one = connection('an old protocol', [{ at: 0 }])
    expect(outcomes(one, [{ minute: 70, numbers: [0] }])).toEqual([
      { counts: said(one, 0), exceptions: {} },
      { counts: {}, exceptions: { beyondOverlap: [1, 1] } },
    ])
  })

  it('counts however late it comes to an exporter that was down meanwhile', () => {
    const one = connection('an old protocol', [{ at: 0 }])
    expect(outcomes(one, [{ minute: 200, numbers: [0], isDown: true }])).toEqual([
      { counts: said(one, 0), exceptions: {} },
    ])
  })

  it('may be two events, by name, where its second line comes when the first one is forgotten', () => {
    const one = connection('another origin', [{ at: 0 }, { at: 90, line: 0 }])
    const bulks = [
      { minute: 0, numbers: [0] },
      { minute: 90, numbers: [1] },
    ]
    const [series] = Object.keys(said(one, 0))
    expect(outcomes(one, bulks)).toEqual([
      { counts: said(one, 0), exceptions: { beyondHorizon: [0, 1] } },
      { counts: { [series ?? '']: 2 }, exceptions: { beyondHorizon: [1, 2] } },
    ])
  })

  it('may name a copy of a document whose minute the horizon leaves at once', () => {
    const copy = { line: 0, id: 'id-0', index: 'logs-000002' } as const
    const one = connection('an old protocol', [{ at: 0 }, { at: 0, ...copy }])
    const both = { minute: 0, numbers: [0, 1] }
    expect(outcomes(one, [both])).toEqual([{ counts: said(one, 0), exceptions: {} }])
    expect(outcomes(one, [both, { minute: 180, numbers: [] }])).toEqual([
      { counts: said(one, 0), exceptions: { beyondOverlap: [0, 1] } },
    ])
  })

  it('is nothing where it is history, which an exporter may name, and a name where it is an old log that is shipped now', () => {
    const history = connection('an old protocol', [{ at: 0 }], { age: 'history' })
    expect(outcomes(history, [{ minute: 0, numbers: [0] }])).toEqual([{ counts: {}, exceptions: { backfill: [0, 1] } }])
    const backfill = connection('an old protocol', [{ at: 0 }], { age: 'backfill' })
    expect(outcomes(backfill, [{ minute: 0, numbers: [0] }])).toEqual([
      { counts: {}, exceptions: { backfill: [1, 1] } },
    ])
  })
})
