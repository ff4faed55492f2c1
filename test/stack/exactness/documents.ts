import { DAY_MS, type EpochMs, HOUR_MS } from '../../../core/clock.ts'
import { pick, type Random, randomHex, randomUuid } from '../../../core/random.ts'
import { type Case, numbersOf } from './case.ts'
import { between, randomOf } from './random.ts'
import { historyEnd, type Settings, SURE } from './settings.ts'
import { type Caller, type Line, storyNames, tell } from './stories.ts'

/** Indices of a round by the end of their names; the first two are one stream that was rolled over. */
export const indexNames = ['logs-000001', 'logs-000002', 'other-000001'] as const
export type IndexName = (typeof indexNames)[number]

/** One document as it is written. */
export interface Document {
  readonly connection: number
  readonly line: number
  readonly index: IndexName
  readonly id: string
  /** True where it takes the place of the one that has this id. */
  readonly replaces: boolean
  readonly stamp: EpochMs
  /** Phase and part in which it is written; those of history are written before the first start. */
  readonly phase: number
  readonly part: number
}

export interface Connection {
  readonly number: number
  readonly gateway: string
  readonly lines: readonly Line[]
  /** Time of the first line. */
  readonly eventTime: EpochMs
  /** What it is to a reader that has begun before it: `history` is older, `backfill` is older and stored later. */
  readonly age: 'live' | 'history' | 'backfill'
  readonly documents: readonly Document[]
}

export const HISTORY = -1

/** All connections of a case. */
export function* connectionsOf(round: Case, settings: Settings): Iterable<Connection> {
  for (const number of numbersOf(round.connections)) yield connectionOf(round.seed, number, settings)
}

/** One connection: what its lines say, and where, when and how often they are written. */
export function connectionOf(seed: number, number: number, settings: Settings): Connection {
  const random = randomOf(seed, 3, number)
  const { profile } = settings
  const caller = callerOf(seed, number, settings)
  const lines = tell(pick(random, profile.stories ?? storyNames), caller, random)
  const writing = new Writing(seed, number, lines, settings, random)
  return { number, gateway: caller.gateway, lines, ...writing.fate() }
}

/** Now and then two gateways give the same id to a connection. */
function callerOf(seed: number, number: number, { gateways }: Settings): Pick<Caller, 'gateway' | 'connection'> {
  const own = randomOf(seed, 4, number)
  const gateway = Math.floor(own() * gateways)
  if (gateways === 1 || own() >= 0.05) return { gateway: `gw-${gateway}`, connection: connectionId(seed, number) }
  const other = Math.floor(randomOf(seed, 4, number - 1)() * gateways)
  return { gateway: `gw-${(other + 1) % gateways}`, connection: connectionId(seed, number - 1) }
}

/** Its end tells it from every other: what is drawn alone may come twice. */
function connectionId(seed: number, number: number): string {
  return randomUuid(randomOf(seed, 5, number)).slice(0, -12) + hex(12, number + 1)
}

const hex = (digits: number, number: number) => number.toString(16).padStart(digits, '0')

type Fate = Pick<Connection, 'eventTime' | 'age' | 'documents'>
type Copy = Omit<Document, 'connection'>

/** Draws what becomes of one connection. */
class Writing {
  readonly #seed: number
  readonly #number: number
  readonly #lines: readonly Line[]
  readonly #settings: Settings
  readonly #random: Random
  readonly #index: IndexName
  readonly #first: number

  constructor(seed: number, number: number, lines: readonly Line[], settings: Settings, random: Random) {
    this.#seed = seed
    this.#number = number
    this.#lines = lines
    this.#settings = settings
    this.#random = random
    this.#index = random() < 0.1 ? 'other-000001' : pick(random, ['logs-000001', 'logs-000002'])
    this.#first = Math.floor(random() * settings.phases.length)
  }

  fate(): Fate {
    const { profile, found, maxSkew } = this.#settings
    const { fates } = profile
    if (found === 'with history' && this.#random() < 0.15) return this.#history()
    const copies = this.#ordinary(this.#first)
    if (this.#lines.length === 1 && this.#happens(fates.beyond)) return this.#beyond()
    if (this.#happens(fates.apart) && copies.length > 1) this.#apart(copies)
    if (this.#happens(fates.late)) this.#late(copies)
    if (this.#happens(fates.repeated)) this.#repeat(copies)
    else if (this.#happens(fates.rewritten)) this.#rewrite(copies)
    if (this.#happens(fates.doubled)) this.#double(copies)
    if (this.#happens(fates.ahead))
      this.#change(copies, copy => ({ ...copy, stamp: copy.stamp + this.#below(maxSkew) }))
    // Further apart than the horizon, the same id is two documents.
    if (this.#happens(fates.farAhead) && copies.length === this.#lines.length) {
      this.#change(copies, copy => ({ ...copy, stamp: copy.stamp + between(this.#random, [HOUR_MS, 10 * DAY_MS]) }))
    }
    return this.#told(copies, fates)
  }

  #told(copies: readonly Copy[], fates: Settings['profile']['fates']): Fate {
    const { liveFrom, start } = this.#settings
    const documents = copies.map(copy => ({ ...copy, connection: this.#number }))
    if (this.#lines.length === 1 && copies.length === 1 && this.#happens(fates.backfill)) {
      return { eventTime: start - between(this.#random, [DAY_MS, 10 * DAY_MS]), age: 'backfill', documents }
    }
    const delay = this.#happens(fates.delayed) ? between(this.#random, [60_000, 600_000]) : this.#below(100)
    const written = Math.min(...copies.map(({ stamp, phase }) => Math.min(stamp, this.#phase(phase).time)))
    return { eventTime: Math.max(liveFrom, written - delay), age: 'live', documents }
  }

  /** Both lines as they are written where nothing befalls them. */
  #ordinary(phase: number): Copy[] {
    const { time, span, parts } = this.#phase(phase)
    const stamp = time - this.#below(span)
    const part = this.#below(parts)
    return this.#lines.map((_, line) => {
      const isApart = line > 0 && this.#random() < 0.3
      return {
        line,
        index: this.#random() < 0.2 && this.#index !== 'other-000001' ? 'logs-000001' : this.#index,
        id: this.#id(line, 0),
        replaces: false,
        stamp: line === 0 ? stamp : this.#near(stamp, phase),
        phase,
        part: isApart ? this.#below(parts) : part,
      }
    })
  }

  /** The leading line is mostly the later one. */
  #near(stamp: EpochMs, phase: number): EpochMs {
    const { time, span } = this.#phase(phase)
    const apart = this.#below(Math.min(span, 2_000))
    return this.#random() < 0.7 ? Math.min(time, stamp + apart) : Math.max(time - span, stamp - apart)
  }

  #history(): Fate {
    const stamp = historyEnd(this.#settings) - this.#below(3 * HOUR_MS)
    const copies = this.#ordinary(0).map(copy => ({
      ...copy,
      stamp,
      phase: HISTORY,
      part: 0,
      connection: this.#number,
    }))
    return { eventTime: stamp - 50, age: 'history', documents: copies }
  }

  #apart(copies: Copy[]): void {
    const later = this.#laterPhase(this.#first)
    const { maxSkew } = this.#settings
    this.#change(copies, copy => {
      if (later !== undefined && (maxSkew < 100_000 || this.#random() < 0.7)) return { ...copy, ...this.#in(later) }
      return maxSkew < 100_000 ? copy : { ...copy, stamp: copy.stamp + between(this.#random, [70_000, maxSkew]) }
    })
  }

  #late(copies: Copy[]): void {
    const later = this.#laterPhase(this.#first)
    if (later === undefined) return
    const { part } = this.#in(later)
    const move = (copy: Copy) => (copy.phase < later ? { ...copy, phase: later, part } : copy)
    if (this.#random() < 0.5) this.#change(copies, move)
    else copies.splice(0, copies.length, ...copies.map(move))
  }

  /** Into the other index of the stream, where there is one, at once or later, under the same stamp or a newer one. */
  #repeat(copies: Copy[]): void {
    const copy = pick(this.#random, copies)
    if (copy.index === 'other-000001') return
    const index = copy.index === 'logs-000001' ? 'logs-000002' : 'logs-000001'
    const again = this.#again(copy)
    copies.push({ ...again, index, stamp: this.#random() < 0.5 ? copy.stamp : again.stamp })
  }

  #rewrite(copies: Copy[]): void {
    const copy = pick(this.#random, copies)
    copies.push({ ...this.#again(copy), replaces: true })
  }

  #double(copies: Copy[]): void {
    const copy = pick(this.#random, copies)
    copies.push({ ...this.#again(copy), id: this.#id(copy.line, 1), replaces: false })
  }

  /** When it can be counted no more, or perhaps still can. */
  #beyond(): Fate {
    const { phases, liveFrom, horizon } = this.#settings
    const phase = phases.length - 1
    const late = { ...this.#in(phase), phase }
    const latest = Math.max(liveFrom, this.#phase(phase).time - SURE * horizon)
    const stamp = between(this.#random, [liveFrom, latest])
    const copies = this.#ordinary(phase).map(copy => ({ ...copy, ...late, stamp, connection: this.#number }))
    return { eventTime: stamp, age: 'live', documents: copies }
  }

  /** Written once more, in the same phase or a later one, with a stamp of then. */
  #again(copy: Copy): Copy {
    const later = this.#random() < 0.7 ? this.#laterPhase(copy.phase) : undefined
    if (later !== undefined) return { ...copy, ...this.#in(later) }
    const { time, parts } = this.#phase(copy.phase)
    const part = Math.min(parts, copy.part + 1 + this.#below(2))
    return { ...copy, part, stamp: Math.max(copy.stamp, time - this.#below(1_000)) }
  }

  #in(phase: number): Pick<Copy, 'phase' | 'part' | 'stamp'> {
    const { time, span, parts } = this.#phase(phase)
    return { phase, part: this.#below(parts), stamp: time - this.#below(span) }
  }

  /** After this one, and so near to the first that what was written in that must still be known. */
  #laterPhase(phase: number): number | undefined {
    const { phases, horizon } = this.#settings
    const first = this.#phase(this.#first)
    const near = phases.flatMap(({ time }, number) =>
      number > phase && time - first.time + first.span <= SURE * horizon ? [number] : [],
    )
    return near.length === 0 ? undefined : pick(this.#random, near)
  }

  #change(copies: Copy[], change: (copy: Copy) => Copy): void {
    const at = this.#below(copies.length)
    copies[at] = change(copies[at] as Copy)
  }

  #phase(phase: number) {
    return this.#settings.phases[phase] as Settings['phases'][number]
  }

  /** A document of another stream may have the id of one of this. */
  #id(line: number, copy: number): string {
    const number = this.#index === 'other-000001' ? this.#number - 1 : this.#number
    if (this.#settings.ids === 'random') {
      return randomHex(randomOf(this.#seed, 6, number, line, copy), 14) + hex(6, number + 1) + line + copy
    }
    return `openclaw-${this.#seed}.log-${(number + 1) * 1_000 + line * 100 + copy}`
  }

  #happens(probability: number): boolean {
    return this.#random() < probability
  }

  /** A whole number from 0 up to, not including, the bound; 0 where that is 0. */
  #below(bound: number): number {
    return Math.floor(this.#random() * bound)
  }
}
