import type { Clock } from '../../core/clock.ts'
import { parseTarget } from '../../core/net/target.ts'
import type { Incident } from '../domain/incident.ts'
import type { AuditTrail } from './audit.ts'
import { type AuditEntry, ocsfRecord } from './ocsf.ts'

/** A record beside what every record has. */
export type AuditFacts = Omit<AuditEntry, 'time' | 'version' | 'subject' | 'target'>

/** Writes the audit trail's records; its methods belong inside `Ledger.write`. */
export class AuditWriter {
  readonly #audit: AuditTrail
  readonly #clock: Clock
  readonly #version: string

  /** @param clock the host's, so that times of records agree with other systems */
  constructor(audit: AuditTrail, clock: Clock, version: string) {
    this.#audit = audit
    this.#clock = clock
    this.#version = version
  }

  /** Something that happened to an incident. */
  record(incident: Incident, facts: AuditFacts): void {
    const target = parseTarget(incident.target)
    this.#append(incident.id, facts, target === undefined ? {} : { target })
  }

  /** Something that happened to the service itself. */
  recordService(subject: string, facts: AuditFacts): void {
    this.#append(subject, facts, {})
  }

  #append(subject: string, facts: AuditFacts, more: Pick<AuditEntry, 'target'>): void {
    const entry: AuditEntry = { time: this.#clock.now(), version: this.#version, subject, ...facts, ...more }
    this.#audit.append(sequence => ocsfRecord(entry, sequence))
  }
}
