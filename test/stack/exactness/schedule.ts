import type { EpochMs } from '../../../core/clock.ts'
import { pick } from '../../../core/random.ts'
import { type Case, isKept } from './case.ts'
import { type Connection, connectionsOf, type Document, HISTORY, type IndexName } from './documents.ts'
import type { ExporterAction } from './profiles.ts'
import { between, randomOf, shuffle } from './random.ts'
import { type Settings, settingsOf, skewLimit } from './settings.ts'

/** What is done to an exporter, after so many milliseconds. */
export interface ExporterStep {
  readonly kind: ExporterAction
  readonly replica: number
  readonly after: number
  /** Of a jump: how far its clock is ahead from then on. */
  readonly skew: number
}

/** What is done, one after the other. */
export type Step =
  /** The clock is set; where it settles, what is visible has been read before by the exporters that are up. */
  | { readonly kind: 'clock'; readonly to: EpochMs; readonly settles: boolean }
  | { readonly kind: 'write'; readonly documents: readonly Document[] }
  /** What was written is made visible, in the indices that are not held. */
  | { readonly kind: 'refresh' }
  /** What is written from now on stays invisible until the release. */
  | { readonly kind: 'hold' | 'release'; readonly index: IndexName }
  /** Elasticsearch is held for so many milliseconds. */
  | { readonly kind: 'freeze'; readonly ms: number }
  | ExporterStep

/** A whole round. */
export interface Plan {
  readonly round: Case
  readonly settings: Settings
  readonly connections: readonly Connection[]
  /** In the index before the first start. */
  readonly history: readonly Document[]
  /** From the first start on; whatever is down or held in the end is started and released. */
  readonly steps: readonly Step[]
}

/** How many actions a case of this seed and profile has. */
export function actionCount(round: Pick<Case, 'seed' | 'profile' | 'replicas'>): number {
  return actionsOf(round.seed, settingsOf({ ...round, connections: [], actions: [] })).length
}

export function planOf(round: Case): Plan {
  const settings = settingsOf(round)
  const connections = [...connectionsOf(round, settings)]
  const written = Map.groupBy(
    connections.flatMap(({ documents }) => documents),
    ({ phase }) => phase,
  )
  const actions = actionsOf(round.seed, settings).filter(
    ({ step }, number) => isKept(round.actions, number) && !('replica' in step && step.replica >= round.replicas),
  )
  const steps = settings.phases.flatMap(({ time, parts, isSettled }, phase): Step[] => {
    const documents = Map.groupBy(written.get(phase) ?? [], ({ part }) => part)
    const inPhase = actions.filter(action => action.phase === phase)
    const slots = Array.from({ length: parts + 2 }, (_, slot): Step[] => [
      ...inPhase.filter(action => action.slot === slot).map(({ step }) => step),
      ...writing(ordered(documents.get(slot) ?? [], settings, round.seed), settings),
    ])
    return [{ kind: 'clock', to: time, settles: isSettled }, ...slots.flat(), { kind: 'refresh' }]
  })
  return { round, settings, connections, history: written.get(HISTORY) ?? [], steps }
}

function writing(documents: readonly Document[], { refreshesEachPart }: Settings): Step[] {
  if (documents.length === 0) return []
  return [{ kind: 'write', documents }, ...(refreshesEachPart ? ([{ kind: 'refresh' }] as const) : [])]
}

/** In the order of their stamps, or in none; of two with one id the one that replaces the other is the later. */
function ordered(documents: readonly Document[], { isShuffled }: Settings, seed: number): readonly Document[] {
  const sorted = [...documents].sort((a, b) => a.stamp - b.stamp || a.connection - b.connection || a.line - b.line)
  const mixed = isShuffled ? shuffle(randomOf(seed, 7, documents.length), sorted) : sorted
  return [...mixed.filter(({ replaces }) => !replaces), ...mixed.filter(({ replaces }) => replaces)]
}

interface Action {
  readonly phase: number
  readonly slot: number
  readonly step: Step
}

const HELD = ['logs-000001', 'logs-000002'] as const
/** The longest is more than an exporter waits for an answer. */
const FREEZES = [100, 300, 1_000, 1_000, 6_000] as const
const ENDING: readonly ExporterAction[] = ['kill', 'stop', 'pause']

/** All actions of a round; a case may leave some of them out. */
function actionsOf(seed: number, { profile, phases, maxSkew }: Settings): readonly Action[] {
  return phases.flatMap(({ parts, isDown }, phase) => {
    const random = randomOf(seed, 8, phase)
    const drawn = Array.from({ length: between(random, profile.actions) }, (): Action[] => {
      const slot = between(random, [0, parts])
      const kind = pick(random, profile.among)
      if (kind === 'hold' || kind === 'release') return [{ phase, slot, step: { kind, index: pick(random, HELD) } }]
      if (kind === 'freeze') return [{ phase, slot, step: { kind, ms: pick(random, FREEZES) } }]
      const skew = between(random, [-skewLimit(maxSkew), skewLimit(maxSkew)])
      const step: ExporterStep = { kind, replica: between(random, [0, 1]), after: between(random, [0, 600]), skew }
      const again = ENDING.includes(kind) && random() < 0.7
      return [{ phase, slot, step }, ...(again ? [startOf(step, phase, between(random, [slot, parts]), random())] : [])]
    })
    const before = isDown ? [0, 1].flatMap(replica => down(replica, phase, random() < 0.5)) : []
    const after = isDown ? [0, 1].map(replica => startOf({ replica }, phase, parts + 1, 0)) : []
    return [...before, ...drawn.flat(), ...after].sort((a, b) => a.slot - b.slot)
  })
}

function startOf({ replica }: Pick<ExporterStep, 'replica'>, phase: number, slot: number, random: number): Action {
  return { phase, slot, step: { kind: 'start', replica, after: Math.floor(random * 300), skew: 0 } }
}

function down(replica: number, phase: number, isKilled: boolean): Action {
  return { phase, slot: 0, step: { kind: isKilled ? 'kill' : 'stop', replica, after: 0, skew: 0 } }
}
