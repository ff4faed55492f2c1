import {
  type AttackDefinition,
  addAttack,
  isClear,
  isQuiet,
  attackDefinitions as known,
  attackTypes as knownTypes,
  type Span,
  TRIES,
} from '../seccount/attacks.ts'
import { type LabelledAttack, observation } from '../seccount/corpus.ts'
import type { Random } from '../seccount/random.ts'
import type { Regime } from '../seccount/series.ts'
import { DAY, MINUTES, TEST_FROM } from './calendar.ts'
import type { Gateway } from './zone.ts'

/** Those of version 1, with the same lengths and counts, and two more. */
export const attackTypes = [...knownTypes, 'zonespray', 'trickle'] as const
type AttackType = (typeof attackTypes)[number]

const definitions: Readonly<Record<AttackType, AttackDefinition>> = {
  ...known,
  // One attack on all gateways of a zone at once, little on each.
  zonespray: {
    span: (random, first) => ({ first, length: 120 + random.below(120) }),
    count: (random, count, mean) => count + random.poisson(Math.max(0.08, 0.5 * mean)),
  },
  // Low and slow: one to two days.
  trickle: {
    span: (random, first) => ({ first, length: DAY + random.below(DAY) }),
    count: (random, count, mean) => count + random.poisson(Math.max(0.015, 0.3 * mean)),
  },
}

const sparseTypes: readonly AttackType[] = ['burst', 'drip', 'offhours', 'spray', 'trickle']
const denseTypes: readonly AttackType[] = ['burst', 'drip', 'offhours', 'silence', 'smallburst', 'trickle']

/** Days after which a gateway is attacked at the earliest. */
const SETTLED = 2 * DAY
/** Minutes before and after an attack without an outage and fully observed. */
const MARGIN = 60

/**
 * Draws the attacks of a zone and puts them into its counts; of each gateway sorted by their beginning. First the one on
 * all gateways, then those of each gateway, type by type.
 * @param campaign number of the attack on all gateways
 */
export function injectAttacks(
  random: Random,
  regime: Regime,
  gateways: readonly Gateway[],
  campaign: number,
): LabelledAttack[][] {
  const attacks: LabelledAttack[][] = gateways.map(() => [])
  const shared = place(random, 'zonespray', gateways, attacks)
  gateways.forEach((gateway, index) => {
    const its = attacks[index] as LabelledAttack[]
    if (shared !== undefined) its.push({ ...inject(random, 'zonespray', gateway, shared), campaign })
  })
  gateways.forEach((gateway, index) => {
    const its = attacks[index] as LabelledAttack[]
    for (const type of regime.sparse ? sparseTypes : denseTypes) {
      const span = place(random, type, [gateway], [its])
      if (span !== undefined) its.push(inject(random, type, gateway, span))
    }
  })
  return attacks.map(its => its.sort((a, b) => a.first - b.first))
}

function inject(random: Random, type: AttackType, gateway: Gateway, span: Span): LabelledAttack {
  addAttack(random, definitions[type], gateway, span)
  return { type, first: span.first, last: span.first + span.length - 1 }
}

function place(
  random: Random,
  type: AttackType,
  gateways: readonly Gateway[],
  attacks: readonly (readonly LabelledAttack[])[],
): Span | undefined {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const drawn = TEST_FROM + random.below(MINUTES - TEST_FROM - 1500)
    // The quietest time of a day is in the first gateway's zone as in every other's.
    const span = definitions[type].span(random, drawn, gateways[0] as Gateway)
    if (span.first < TEST_FROM || span.first + span.length >= MINUTES) continue
    if (!attacks.every(its => isClear(span, its))) continue
    if (!gateways.every(gateway => isUndisturbed(gateway, span))) continue
    if (type === 'silence' && gateways.some(gateway => isQuiet(gateway, span))) return undefined
    return span
  }
  return undefined
}

function isUndisturbed({ since, observed, causes }: Gateway, { first, length }: Span): boolean {
  if (first < since + SETTLED) return false
  for (let minute = first - MARGIN; minute < Math.min(first + length + MARGIN, MINUTES); minute++) {
    if (observed[minute] !== observation.complete || causes.is('outage', minute)) return false
  }
  return true
}
