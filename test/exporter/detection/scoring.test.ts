import { describe, expect, it } from '@jest/globals'
import { bench, countsOf, DAY, eventsOf, key, live, only, runOf, Saved, START, settle, toldOf } from './fixtures.ts'

describe('a backfill', () => {
  const counts = countsOf(3 * 1440, 2 * 1440)

  it('leaves the state that living through it would have left, to the bit', () => {
    const lived = bench()
    live(lived, counts)
    const replayed = bench()
    for (const event of eventsOf(counts)) replayed.scoring.onEvent(event, 'backfill')
    replayed.scoring.onBackfill(runOf(counts))
    settle(replayed)
    expect(toldOf(only(replayed))).toEqual(toldOf(only(lived)))
    expect(Buffer.from(only(replayed).snapshot()).equals(Buffer.from(only(lived).snapshot()))).toBe(true)
  })

  it('is scored in turns, and minutes that close meanwhile wait for theirs', async () => {
    const lived = bench()
    live(lived, counts)
    const busy = bench()
    for (const event of eventsOf(counts)) busy.scoring.onEvent(event, 'backfill')
    busy.scoring.onBackfill(runOf(counts.slice(0, -10)))
    for (let minute = counts.length - 10; minute < counts.length; minute++) {
      busy.scoring.onMinute(key, START + minute * 60, counts[minute] ?? 0, 'complete')
    }
    expect(only(busy).isLive).toBe(false)
    expect(only(busy).minutesLeft).toBe(counts.length)
    settle(busy)
    expect(only(busy).isLive).toBe(true)
    expect(only(busy).explain()).toEqual(only(lived).explain())
  })

  it('is not exposed; the next live minute is', async () => {
    const replayed = bench()
    replayed.scoring.onBackfill(runOf(counts))
    settle(replayed)
    expect(await replayed.metrics()).not.toContain('clawtrust_anomaly_score{')
    replayed.scoring.onMinute(key, START + counts.length * 60, 1, 'complete')
    expect(await replayed.metrics()).toContain(
      'clawtrust_anomaly_observed{gateway="edge-1",trust_zone="agent-control",signal="auth_failures"} 1',
    )
  })

  it('begins no earlier than counts are kept: what was deleted is no zero', () => {
    const { scoring } = bench({ retention: DAY })
    scoring.onBackfill(runOf(counts))
    while (scoring.advance());
    expect(scoring.list()[0]?.latest?.samplesSeen).toBe(1440)
  })

  it('takes the zone with most events first', () => {
    const { scoring } = bench()
    const quiet = { ...key, trustZone: 'quiet' }
    scoring.onBackfill(runOf([1, 0, 1], quiet))
    scoring.onBackfill(runOf(countsOf(60)))
    const order: string[] = []
    while (scoring.backfillsWaiting > 0) {
      scoring.advance()
      for (const series of scoring.list()) {
        if (series.isLive && !order.includes(series.key.trustZone)) order.push(series.key.trustZone)
      }
    }
    expect(order).toContain('agent-control')
    expect(scoring.list().map(({ isLive }) => isLive)).toEqual([true, true])
  })
})

describe('a restart', () => {
  const counts = countsOf(2 * 1440, 1600)

  it.each([1, 7, 601, 1650, 2000])('after %i minutes changes nothing of what follows', restartAt => {
    const steady = bench()
    const before = bench()
    const saved = new Saved()
    for (let minute = 0; minute < restartAt; minute += 3) {
      live(before, counts.slice(0, Math.min(restartAt, minute + 3)), minute)
      saved.take(before.saved.changes().blobs)
    }
    live(steady, counts)
    const after = bench({ seed: 99 })
    after.saved.restore({ documents: [], blobs: saved.blobs })
    after.scoring.onBackfill(runOf(counts.slice(0, restartAt)))
    settle(after)
    live(after, counts, restartAt)
    const setup = toldOf(only(after))
    if (restartAt > 600) expect(setup).toEqual(toldOf(only(steady)))
    else expect(setup.explanation?.score).toBeCloseTo(toldOf(only(steady)).explanation?.score ?? -1, 9)
  })

  it.each([
    ['other constants', 8],
    ['an earlier version', 4],
  ])('with a state of %s rebuilds it from the kept counts, and says so once', (_name, word) => {
    const before = bench()
    live(before, counts)
    const saved = new Saved()
    saved.take(before.saved.changes().blobs)
    const series = saved.blobs.filter(({ name }) => name.startsWith('anomaly/series/'))
    const other = series.map(({ name, value }) => ({ name, value: changedAt(value, word) }))
    const after = bench()
    after.saved.restore({ documents: [], blobs: other })
    for (const event of eventsOf(counts)) after.scoring.onEvent(event, 'backfill')
    after.scoring.onBackfill(runOf(counts))
    settle(after)
    expect(after.warnings).toEqual([expect.stringMatching(/rebuilt from the retained minute series/)])
    expect(only(after).explain()).toEqual(only(before).explain())
  })

  it('with a blob that is cut rebuilds as well', () => {
    const after = bench()
    const name = `anomaly/series/${JSON.stringify(Object.values(key))}`
    after.saved.restore({ documents: [], blobs: [{ name, value: new Uint8Array(3) }] })
    after.scoring.onBackfill(runOf(counts))
    settle(after)
    expect(after.warnings).toHaveLength(1)
    expect(only(after).latest?.samplesSeen).toBe(counts.length)
  })

  it('takes over the keys that an earlier version saved in one blob, and saves them in parts', () => {
    const name = `anomaly/keys/${JSON.stringify(Object.values(key))}`
    const keys = (minute: number) => `[${START + 60 * minute},[[0,[["ann",2]]]]]`
    const { scoring, saved } = bench()
    const value = new TextEncoder().encode(`[${keys(1)},${keys(11)}]`)
    saved.restore({ documents: [], blobs: [{ name, value }] })
    scoring.onBackfill(runOf([0, 2]))
    const blobs = new Map(saved.changes().blobs.map(blob => [blob.name, blob.value]))
    expect(blobs.get(name)).toBeNull()
    const parts = [0, 1].map(part => new TextDecoder().decode(blobs.get(`${name}/${START / 600 + part}`) ?? undefined))
    expect(parts).toEqual([`[${keys(1)}]`, `[${keys(11)}]`])
  })

  it('saves at most three series with a commit, each at most every ten minutes', () => {
    const { scoring, saved } = bench()
    for (let number = 0; number < 5; number++) {
      const of = { ...key, gateway: `edge-${number}` }
      for (let minute = 0; minute < 5; minute++) scoring.onMinute(of, START + minute * 60, 1, 'complete')
    }
    const series = () => saved.changes().blobs.filter(({ name }) => name.startsWith('anomaly/series/')).length
    expect([series(), series(), series()]).toEqual([3, 2, 0])
  })
})

/** Turns one bit of a word of the scorer's own part: its version is at 4, the hash of its constants at 8. */
function changedAt(blob: Uint8Array, word: number): Uint8Array {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength)
  const scorer = 4 + view.getUint32(0, true)
  const changed = blob.slice()
  changed[scorer + word] = (changed[scorer + word] ?? 0) ^ 1
  return changed
}
