import { describe, expect, it } from '@jest/globals'
import { DAY_MS } from '../../../../core/clock.ts'
import { Posture } from '../../../../exporter/pipeline/posture/posture.ts'
import { postureView } from '../../../../exporter/web/page/posture-view.ts'
import { postureSection } from '../../../../exporter/web/page/sections/posture.ts'
import { createSeriesStore } from '../../../../service/series/store.ts'
import { NOON } from '../../pipeline/fixtures.ts'

const text = (markup: string) =>
  markup
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

describe('the posture on the page', () => {
  const posture = () => new Posture({ store: createSeriesStore(), onEvicted: () => undefined })

  it('is absent where no snapshot is known', () => {
    expect(postureView(posture(), NOON)).toBeUndefined()
    expect(text(postureSection(undefined).markup)).toBe('')
  })

  it('shows open findings with who accepted them, in no markup of their own, and that it is unknown later', () => {
    const held = posture()
    const finding = { check: 'other', target: '<b>', severity: 'high', summary: 'x' } as const
    const snapshot = { producer: 'openclaw-audit', findings: [finding], facts: {} } as const
    held.see({ gateway: 'gw-1', trustZone: 'z' }, { ...snapshot, time: NOON }, NOON)
    expect(text(postureSection(postureView(held, NOON)).markup)).toMatch(
      /other &lt;b&gt; x.*gw-1.*no.*1 open, 0 accepted\./,
    )
    held.accept({ check: 'other', target: '<b>', who: 'ann', why: 'lab', accepted: NOON, until: NOON + DAY_MS })
    expect(text(postureSection(postureView(held, NOON)).markup)).toMatch(/by ann until .*lab.*0 open, 1 accepted\./)
    expect(text(postureSection(postureView(held, NOON + 2 * DAY_MS)).markup)).toMatch(
      /The posture of gw-1 is unknown: the last snapshot of openclaw-audit is of .* UTC\. No findings are known\./,
    )
  })
})
