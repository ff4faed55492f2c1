import { type Clock, type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import type { SecurityEvent } from '../../../core/event.ts'
import { severities } from '../../../core/labels/event.ts'
import type { PostureProducer } from '../../../core/labels/posture.ts'
import type { DeviceToken } from '../../../decoding/toolkit/device-tokens.ts'
import { distinctFindings, type Finding, type PostureSnapshot } from '../../../decoding/toolkit/posture.ts'
import { LABEL_VALUE_LIMIT } from '../../../service/series/label-values.ts'
import type { SeriesStore } from '../../../service/series/series.ts'
import type { Persistent } from '../../contracts/persistent.ts'
import type { EventPhase, EventSubscriber } from '../../contracts/subscriber.ts'
import { assessIdentity, type IdentityRules } from './assess.ts'
import { ExposedIdentities } from './exposed-identities.ts'
import type { IdentityPlace } from './identity.ts'
import { IdentityTable } from './identity-table.ts'
import { Observations } from './observations.ts'
import { reportOf, reportOfToken } from './reports.ts'

/** Where findings are held, accepted and exposed. */
export interface HeldFindings {
  hold(place: IdentityPlace, snapshot: PostureSnapshot, now: EpochMs): void
  readonly subjects: Iterable<IdentityPlace & { readonly snapshots: ReadonlyMap<PostureProducer, unknown> }>
}

export interface IdentitiesOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly store: SeriesStore
  readonly rules: IdentityRules
  readonly posture: HeldFindings
  readonly onEvicted: (entries: number) => void
}

/** Between two comparisons of all identities with the rules: they are some thousand, and the limits are days. */
const INTERVAL_MS = MINUTE_MS

/**
 * The life of accounts and tokens: what events and lists report of each, and what is wrong with it now. The table moves
 * with events only; findings follow from the table, the rules and the time, and are no events.
 */
export class Identities implements EventSubscriber {
  readonly #clock: Pick<Clock, 'now'>
  readonly #rules: IdentityRules
  readonly #posture: HeldFindings
  readonly #table: IdentityTable
  readonly #observations: Observations
  readonly #exposed: ExposedIdentities
  #next: EpochMs = Number.NEGATIVE_INFINITY

  constructor({ clock, store, rules, posture, onEvicted }: IdentitiesOptions) {
    this.#clock = clock
    this.#rules = rules
    this.#posture = posture
    this.#table = new IdentityTable(onEvicted)
    this.#observations = new Observations(rules.observation_gap)
    this.#exposed = new ExposedIdentities(store, rules.roles.length)
  }

  get persistents(): readonly Persistent[] {
    return [this.#table, this.#observations]
  }

  /** Those of the backfill too; times that are ahead of the clock prove nothing. */
  onEvent(event: SecurityEvent, phase: EventPhase): void {
    if (event.account === undefined || phase === 'ahead' || event.gateway.length > LABEL_VALUE_LIMIT) return
    const report = reportOf(event, this.#clock.now())
    if (report === undefined) return
    const { gateway } = event
    if ('removed' in report) {
      this.#table.remove(gateway, report.removed)
      return
    }
    const { names, used } = report
    if (used !== undefined) this.#observations.see({ gateway, kind: names.kind, realm: names.realm ?? '' }, used)
    this.#table.report(event, report)
  }

  /** A list of all tokens of the devices of a gateway. */
  list(place: IdentityPlace, tokens: readonly DeviceToken[], time: EpochMs): void {
    const at = Math.min(time, this.#clock.now())
    const { gateway } = place
    if (gateway.length > LABEL_VALUE_LIMIT) return
    const lists = { gateway, kind: 'device_token', realm: '' } as const
    // An older list that is read again must not bring back what a newer one no longer has.
    if (at < (this.#observations.of(lists)?.until ?? at)) return
    this.#observations.see(lists, at)
    for (const token of tokens) this.#table.report(place, reportOfToken(token, at))
    this.#table.removeUnlisted(gateway, at)
  }

  /** What is wrong changes by the clock alone. */
  clockReached(now: EpochMs): void {
    if (now < this.#next && this.#next - now <= INTERVAL_MS) return
    this.#next = now + INTERVAL_MS
    const findings = new Map<string, { readonly place: IdentityPlace; readonly findings: Finding[] }>()
    this.#exposed.begin()
    for (const identity of this.#table.identities()) {
      const assessment = assessIdentity(identity, this.#observations.of(identity), this.#rules, now)
      this.#exposed.count(identity, assessment.usage)
      if (assessment.findings.length === 0) continue
      const { gateway, trustZone } = identity
      const key = JSON.stringify([gateway, trustZone])
      const subject = findings.get(key) ?? { place: { gateway, trustZone }, findings: [] }
      findings.set(key, subject)
      subject.findings.push(...assessment.findings)
    }
    this.#exposed.end()
    for (const { gateway, trustZone, snapshots } of [...this.#posture.subjects]) {
      const key = JSON.stringify([gateway, trustZone])
      if (snapshots.has('identities') && !findings.has(key))
        findings.set(key, { place: { gateway, trustZone }, findings: [] })
    }
    for (const { place, findings: found } of findings.values()) {
      const snapshot = {
        producer: 'identities',
        findings: distinctFindings(found.sort(bySeverity)),
        facts: {},
      } as const
      this.#posture.hold(place, snapshot, now)
    }
  }
}

/** The most severe first: no more of them are kept than a snapshot holds. */
const bySeverity = (one: Finding, other: Finding): number =>
  severities.indexOf(other.severity) - severities.indexOf(one.severity) ||
  one.check.localeCompare(other.check) ||
  one.target.localeCompare(other.target)
