/** One alert as it was delivered, cut to what is kept. */
export interface Alert {
  readonly status: 'firing' | 'resolved'
  /** Opaque; the sender's identity of the label set. */
  readonly fingerprint: string
  /** As the sender wrote it, RFC 3339. */
  readonly startsAt: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly generatorURL?: string
}

/** The key of an alert whose value is wrong; `form` if the alert is not a map. */
export type AlertFault = keyof Alert | 'form'

/** One delivery. */
export interface AlertMessage {
  readonly sender: 'alertmanager' | 'grafana'
  readonly alerts: readonly Alert[]
  /** How many alerts of the message were not taken, by what is wrong with them. */
  readonly rejected: ReadonlyMap<AlertFault, number>
  /** Alerts that the sender omitted from this message; no other message contains them. */
  readonly truncated: number
}

/** The key by which a repeated delivery is known. Not the group's key: it changes when routing does. */
export const alertKey = ({ fingerprint, startsAt }: Alert): string => JSON.stringify([fingerprint, startsAt])

/** The annotation in which a rule says how many events its alert counts. */
export const EVENTS_ANNOTATION = 'events'

/** How many events an alert counts, by its rule; 0 where the rule does not say. */
export function eventsOf({ annotations }: Alert): number {
  const events = Number(annotations[EVENTS_ANNOTATION] ?? 0)
  return Number.isFinite(events) && events > 0 ? events : 0
}
