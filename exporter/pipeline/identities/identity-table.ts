import type { EpochMs } from '../../../core/clock.ts'
import type { AccountKind } from '../../../core/labels/authentication.ts'
import type { Json } from '../../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, SavedRow } from '../../contracts/persistent.ts'
import {
  type Identity,
  type IdentityNames,
  type IdentityPlace,
  type IdentityReport,
  joined,
  named,
  withReport,
} from './identity.ts'

/** Identities of one kind that are held by default: users cannot displace clients, nor clients tokens of devices. */
const CAPACITY = 10_000

/**
 * Identities by their ids and names. Records name one by its id, its name or both: what turns out to be one identity is
 * joined. A name that several could have joins nothing.
 */
export class IdentityTable implements JsonPersistent {
  readonly key = 'identities/'
  readonly format = 'json'
  readonly #capacity: number
  readonly #onEvicted: (entries: number) => void
  readonly #rows = new Map<string, Identity>()
  readonly #byId = new Map<string, string>()
  /** The row of a name, or of tokens of their device; a set, which takes as much memory as a row, only of several. */
  readonly #byName = new Map<string, string | Set<string>>()
  readonly #sizes = new Map<AccountKind, number>()
  readonly #changed = new Set<string>()
  #last = 0

  constructor(onEvicted: (entries: number) => void, capacity = CAPACITY) {
    this.#onEvicted = onEvicted
    this.#capacity = capacity
  }

  identities(): Iterable<Identity> {
    return this.#rows.values()
  }

  /** @returns false where nothing has changed */
  report(place: IdentityPlace, report: IdentityReport): boolean {
    if (this.#isKnown(place, report)) return false
    const { rows, isAmbiguous } = this.#find(place.gateway, report.names)
    const [row = this.#nextRow(), ...others] = rows
    if (rows.length === 0 && isAmbiguous) return false
    const held = rows.map(one => this.#rows.get(one)).filter(one => one !== undefined)
    const before = held.length === 0 ? named(place, report) : held.reduce(joined)
    const after = withReport(before, place, report)
    if (held.length === 1 && isSame(before, after)) return false
    for (const one of others) this.#delete(one)
    this.#put(row, after)
    this.#bound(after.kind)
    return true
  }

  /** True of a further sign-in in a minute: nearly all of a busy account are that. */
  #isKnown({ gateway, trustZone }: IdentityPlace, { names, used, scopes = [] }: IdentityReport): boolean {
    const id = names.id ?? names.userId
    if (used === undefined || id === undefined) return false
    const held = this.#rows.get(this.#byId.get(idKey(gateway, id)) ?? '')
    if (held?.used !== used || held.trustZone !== trustZone || held.kind !== names.kind) return false
    if (held.name !== names.name || held.realm !== names.realm) return false
    if (held.disabled !== undefined || held.token?.time !== used) return false
    const { scopes: known } = held.token
    return scopes.every(scope => known.includes(scope))
  }

  /** Forgets identities: those with the id, or the only one with the name. */
  remove(gateway: string, { id, role, ...names }: IdentityNames): boolean {
    const ofDevice = names.kind === 'device_token' && role === undefined
    const rows = ofDevice
      ? this.#tokensOf(gateway, id)
      : this.#find(gateway, { ...names, ...withoutMissing({ id, role }) }).rows
    for (const row of rows) this.#delete(row)
    return rows.length > 0
  }

  /** Forgets the tokens of a gateway that a newer list no longer has. */
  removeUnlisted(gateway: string, time: EpochMs): void {
    for (const [row, identity] of this.#rows) {
      if (identity.kind !== 'device_token' || identity.gateway !== gateway) continue
      if (identity.seen < time) this.#delete(row)
    }
  }

  changes(): readonly ChangedRow<Json>[] {
    const rows = [...this.#changed].map(name => {
      const identity = this.#rows.get(name)
      return { name, value: identity === undefined ? null : (JSON.parse(JSON.stringify(identity)) as Json) }
    })
    this.#changed.clear()
    return rows
  }

  restore(rows: readonly SavedRow<Json>[]): void {
    for (const { name, value } of rows) {
      this.#put(name, value as unknown as Identity)
      this.#last = Math.max(this.#last, Number(name))
    }
    this.#changed.clear()
  }

  #nextRow(): string {
    this.#last += 1
    return String(this.#last)
  }

  #find(gateway: string, names: IdentityNames): { rows: readonly string[]; isAmbiguous: boolean } {
    const rows = new Set<string>()
    for (const id of idsOf(gateway, names)) {
      const row = this.#byId.get(id)
      if (row !== undefined) rows.add(row)
    }
    const known = [...rows].map(row => this.#rows.get(row)).filter(one => one !== undefined)
    const name = nameOf(gateway, names)
    const ofName = name === undefined ? [] : this.#rowsNamed(name)
    const candidates = ofName.filter(row => {
      const identity = this.#rows.get(row)
      return identity !== undefined && [names, ...known].every(other => areCompatible(identity, other))
    })
    const isAmbiguous = candidates.length > 1
    if (candidates.length === 1) for (const row of candidates) rows.add(row)
    return { rows: [...rows], isAmbiguous }
  }

  #tokensOf(gateway: string, id: string | undefined): readonly string[] {
    return this.#rowsNamed(deviceKey(gateway, id))
  }

  #rowsNamed(name: string): readonly string[] {
    const rows = this.#byName.get(name) ?? []
    return typeof rows === 'string' ? [rows] : [...rows]
  }

  #put(row: string, identity: Identity): void {
    this.#unindex(row)
    // A copy: a text that was cut out of a line would keep the whole line in memory.
    this.#rows.set(row, JSON.parse(JSON.stringify(identity)))
    this.#changed.add(row)
    this.#sizes.set(identity.kind, (this.#sizes.get(identity.kind) ?? 0) + 1)
    for (const id of idsOf(identity.gateway, identity)) this.#byId.set(id, row)
    const name = sharedKeyOf(identity)
    if (name === undefined) return
    const rows = this.#byName.get(name) ?? row
    if (typeof rows !== 'string') rows.add(row)
    else this.#byName.set(name, rows === row ? row : new Set([rows, row]))
  }

  #delete(row: string): void {
    this.#unindex(row)
    this.#rows.delete(row)
    this.#changed.add(row)
  }

  #unindex(row: string): void {
    const identity = this.#rows.get(row)
    if (identity === undefined) return
    this.#sizes.set(identity.kind, (this.#sizes.get(identity.kind) ?? 0) - 1)
    for (const id of idsOf(identity.gateway, identity)) if (this.#byId.get(id) === row) this.#byId.delete(id)
    const name = sharedKeyOf(identity) ?? ''
    const rows = this.#byName.get(name)
    if (rows instanceof Set) rows.delete(row)
    if (rows === row || (rows instanceof Set && rows.size === 0)) this.#byName.delete(name)
  }

  /** A tenth of a kind at once, those that were seen longest ago: the order is the same after a restart. */
  #bound(kind: AccountKind): void {
    if ((this.#sizes.get(kind) ?? 0) <= this.#capacity) return
    const ofKind = [...this.#rows].filter(([, identity]) => identity.kind === kind)
    const bySeen = ofKind.sort(([a, one], [b, other]) => one.seen - other.seen || Number(a) - Number(b))
    const evicted = bySeen.slice(0, Math.ceil(this.#capacity / 10))
    for (const [row] of evicted) this.#delete(row)
    this.#onEvicted(evicted.length)
  }
}

/** The keys by which an identity is found for certain. */
function idsOf(gateway: string, { kind, id, userId, role }: IdentityNames): readonly string[] {
  if (kind === 'device_token') return id === undefined ? [] : [JSON.stringify([gateway, id, role ?? ''])]
  return [id, userId].flatMap(one => (one === undefined ? [] : [idKey(gateway, one)]))
}

/** Where the gateway ends is certain. */
const idKey = (gateway: string, id: string): string => `${gateway.length} ${gateway} ${id}`

/** A client may give a device any name. */
function nameOf(gateway: string, { kind, name }: IdentityNames): string | undefined {
  return name === undefined || kind === 'device_token' ? undefined : JSON.stringify([gateway, kind, name])
}

const deviceKey = (gateway: string, id: string | undefined): string =>
  JSON.stringify([gateway, 'device_token', id ?? null])

const sharedKeyOf = (identity: Identity): string | undefined =>
  identity.kind === 'device_token' ? deviceKey(identity.gateway, identity.id) : nameOf(identity.gateway, identity)

/** Whether two may be the same identity by what is known of both. */
function areCompatible(one: IdentityNames, other: IdentityNames): boolean {
  const agree = (a: string | undefined, b: string | undefined) => a === undefined || b === undefined || a === b
  // A client, and what may be its user.
  if (one.kind !== other.kind) return one.kind === 'user' ? agree(other.userId, one.id) : agree(one.userId, other.id)
  return agree(one.realm, other.realm) && agree(one.id, other.id) && agree(one.userId, other.userId)
}

function isSame(one: Identity, other: Identity): boolean {
  // Nearly every report is the newest.
  if (one.seen !== other.seen) return false
  const parts = Object.keys(one) as (keyof Identity)[]
  return parts.length === Object.keys(other).length && parts.every(part => isSamePart(one[part], other[part]))
}

const isSamePart = (one: unknown, other: unknown): boolean =>
  one === other || (typeof one === 'object' && JSON.stringify(one) === JSON.stringify(other))

function withoutMissing<T extends object>(parts: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as never
}
