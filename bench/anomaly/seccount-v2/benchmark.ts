import type { Corpus, LabelledSeries } from '../seccount/corpus.ts'
import { Random } from '../seccount/random.ts'
import { type Regime, regimes } from '../seccount/series.ts'
import { attackTypes, injectAttacks } from './attacks.ts'
import { MINUTES, START, TEST_FROM } from './calendar.ts'
import { causes } from './causes.ts'
import { drawZone } from './zone.ts'

const ZONES_PER_REGIME = 4
const GATEWAYS = 3

/**
 * SecCount, version 2: what real logs have and a model of rhythm and jobs does not assume. 60 series of 35 days: the rates
 * of version 1, four zones each of three gateways. Deterministic: the order of the draws (regime by regime, zone by zone,
 * as the functions document it) is part of the definition, and a test holds the check sums.
 */
export function drawCorpus(seed: number): Corpus {
  const random = new Random(seed)
  let zones = 0
  const series = regimes.flatMap(regime =>
    Array.from({ length: ZONES_PER_REGIME }, (_, zone) =>
      drawLabelled(random, regime, zones++, zone === ZONES_PER_REGIME - 1),
    ).flat(),
  )
  return { name: 'SecCount v2', start: START, minutes: MINUTES, testFrom: TEST_FROM, attackTypes, causes, series }
}

function drawLabelled(random: Random, regime: Regime, zone: number, lateGateway: boolean): LabelledSeries[] {
  const gateways = drawZone(random, regime, GATEWAYS, lateGateway)
  const attacks = injectAttacks(random, regime, gateways, zone)
  return gateways.map(({ counts, means, since, observed, causes: { minutes } }, index) => {
    return { regime, zone, counts, means, since, observed, causes: minutes, attacks: attacks[index] ?? [] }
  })
}
