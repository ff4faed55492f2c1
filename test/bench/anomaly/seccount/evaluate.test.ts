import { describe, expect, it } from '@jest/globals'
import { bestRecall, outcomeAt, seriesWeeks } from '../../../../bench/anomaly/seccount/evaluate.ts'
import { alertsAt, corpusOf, MINUTES, seriesOf, TEST_FROM } from './corpus-fixture.ts'

const burst = { type: 'burst', first: 4000, last: 4009 }
const drip = { type: 'drip', first: 6000, last: 6499 }

describe('the evaluation of SecCount', () => {
  it('finds an attack by an alert until 30 minutes after it, and counts the minutes until then', () => {
    const corpus = corpusOf(seriesOf([burst, drip]))
    const outcome = outcomeAt(corpus, [alertsAt(4007, 6529)], 1)
    expect(outcome).toMatchObject({ recall: 1, falseAlertsPerSeriesWeek: 0, medianDelay: 529, burstDelay: 7 })
    expect(outcome.recallByType).toEqual({ burst: 1, drip: 1 })
  })

  it('takes an alert within four hours after an attack for neither found nor false', () => {
    const corpus = corpusOf(seriesOf([burst, drip]))
    expect(outcomeAt(corpus, [alertsAt(4249)], 1)).toMatchObject({ recall: 0, falseAlertsPerSeriesWeek: 0 })
    expect(outcomeAt(corpus, [alertsAt(4250)], 1)).toMatchObject({ recall: 0, falseAlertsPerSeriesWeek: 1 })
  })

  it('takes alerts for one as long as there is never more than an hour between them', () => {
    const corpus = corpusOf(seriesOf([]))
    const rate = (...minutes: number[]) => outcomeAt(corpus, [alertsAt(...minutes)], 1).falseAlertsPerSeriesWeek
    expect(rate(3000, 3060, 3120)).toBe(1)
    expect(rate(3000, 3061)).toBe(2)
  })

  it('ignores the weeks for learning', () => {
    expect(outcomeAt(corpusOf(seriesOf([])), [alertsAt(TEST_FROM - 1)], 1).falseAlertsPerSeriesWeek).toBe(0)
  })

  it('reports false alerts by the cause of their minute, and none in a neutral one', () => {
    const causes = new Uint8Array(MINUTES)
    causes.fill(1, 3000, 3100)
    causes.fill(2, 5000, 6440)
    const outcome = outcomeAt(corpusOf(seriesOf([], { causes })), [alertsAt(3050, 5500, 9000)], 1)
    expect(outcome.falseAlertsByCause).toEqual({ none: 1, holiday: 1 })
    expect(outcome.falseAlertsPerSeriesWeek).toBe(2)
  })

  it('counts a campaign as found where one gateway finds it', () => {
    const shared = { ...drip, campaign: 0 }
    const corpus = corpusOf(seriesOf([shared]), seriesOf([shared]), seriesOf([{ ...burst, campaign: 1 }]))
    const outcome = outcomeAt(corpus, [alertsAt(6100), alertsAt(), alertsAt()], 1)
    expect(outcome.recall).toBeCloseTo(1 / 3)
    expect(outcome.campaignRecall).toBe(0.5)
  })

  it('says that nothing is known where no attack is of a type, a rate or a campaign', () => {
    const outcome = outcomeAt(corpusOf(seriesOf([drip])), [alertsAt()], 1)
    expect(outcome.recallByType).toEqual({ burst: undefined, drip: 0 })
    expect(outcome).toMatchObject({ campaignRecall: undefined, burstDelay: undefined })
  })

  it('counts the weeks of a new gateway from when it is there', () => {
    expect(seriesWeeks(corpusOf(seriesOf([]), seriesOf([], { since: TEST_FROM + 5040 })))).toBe(1.5)
  })

  it('chooses the threshold with the best recall that errs no more than it may', () => {
    const outputs = alertsAt(4001, 6001, 8000, 9000)
    outputs[4001] = 4
    outputs[8000] = 3
    outputs[6001] = 2
    const corpus = corpusOf(seriesOf([burst, drip]))
    expect(bestRecall(corpus, [outputs], 1)).toMatchObject({ threshold: 2, recall: 1, falseAlertsPerSeriesWeek: 1 })
    expect(bestRecall(corpus, [outputs], 0.2)).toMatchObject({ threshold: 4, recall: 0.5 })
  })
})
