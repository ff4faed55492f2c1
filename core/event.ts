import type { EpochMs } from './clock.ts'
import type { Flow } from './flow.ts'
import type { AccountKind, DeviceCompliance } from './labels/authentication.ts'
import type { Outcome, Severity, UnknownAddressReason } from './labels/event.ts'
import type { SignalName } from './signals.ts'

/**
 * The unit that all parts work with: something that happened, once or `count` times, that moves exactly one signal.
 * Made by the pipeline from a dialect's claim, its source and the user's map of trust zones.
 */
export interface SecurityEvent {
  readonly signal: SignalName
  /** The signal's own labels (see the catalogue), each from its closed set. */
  readonly labels: Readonly<Record<string, string>>
  readonly outcome: Outcome
  readonly severity: Severity
  /** When it happened, by the clock of the machine that logged it. */
  readonly eventTime: EpochMs
  /** When the store ingested it, if the source reports it. */
  readonly ingestTime?: EpochMs
  /** 1 plus the number of repeats that the origin suppressed. */
  readonly count: number
  readonly gateway: string
  readonly trustZone: string
  readonly actor: Actor
  /** The account or the token that it is about, where its record is believed about that. */
  readonly account?: Account
  /**
   * The record's own word or code for the reason (ECS `event.code`), where the closed set has none: shown, never a label.
   */
  readonly code?: string
  /** What has changed, where the event is a change that is known in full. */
  readonly change?: Change
  /** The trace of the request or call that it is part of, where its record names one. */
  readonly trace?: TraceReference
  /** The location of the evidence. */
  readonly record: RecordReference
  /** The flow that a policy decided on. */
  readonly flow?: Flow
  /** Of a sign-in at a gateway of OpenClaw: what was signed in to. */
  readonly access?: GatewayAccess
  /** Present where it is part of an approval. */
  readonly approval?: ApprovalStep
  readonly details?: EventDetails
}

/** A gateway as the destination of a client; the client is the actor. */
export interface GatewayAccess extends Pick<Flow, 'destination' | 'port' | 'transport'> {
  /** Of the client; absent where the record has a hash of it alone. */
  readonly identity?: string
  /** Trust zone of the address of the client. */
  readonly sourceZone: string
}

/** A change of one thing; its values are data of the record. */
export interface Change {
  /** What has changed: a check with its target, a fact, the path of a file. */
  readonly subject: string
  readonly from: string
  readonly to: string
}

/** The request for an approval, or its answer: a grant, a denial, or its expiry. */
export interface ApprovalStep {
  readonly kind: 'request' | 'answer'
  /** Unique to the request within its gateway; absent where its records do not say to which request they belong. */
  readonly request?: string
  /** The identity that asked or answered, where it is known. */
  readonly by?: string
}

/**
 * What else a record reports of an event, by the words with which it is shown. Texts of others, for people to read: never
 * a label value.
 */
export type EventDetails = Readonly<Record<string, string>>

export interface Actor {
  readonly identity?: string
  readonly device?: string
  readonly address?: string
  /** True only if the address was read from the socket or forwarded by a configured proxy. */
  readonly addressTrusted: boolean
  /** Why no address may be trusted, where the record reports a connection. */
  readonly addressUnknown?: UnknownAddressReason
  /** What an identity provider says of the device; by it the device is counted too. */
  readonly deviceCompliance?: DeviceCompliance
}

/**
 * An account at an identity provider, or a token of a device at a gateway: who signed in, or whose rights, secret or state
 * an administrator changed. What happened to it is said by the signal and its labels.
 */
export interface Account {
  readonly kind: AccountKind
  /** The provider's id: it stays when the account is renamed. Of a token of a device: the id of the device. */
  readonly id?: string
  /** The realm of the account, where the record says so: events of administrators have theirs. */
  readonly realm?: string
  /** Of a token of a device: the role that it is for; without it, each token of the device. */
  readonly role?: string
  /** Name of a user; client id of a client. */
  readonly name?: string
  /** Of a client: id of the user to which the provider grants the client's roles. */
  readonly userId?: string
  /** Scopes of the token that was issued, or names of the roles that were granted or revoked. */
  readonly rights?: readonly string[]
}

/**
 * A trace, by its W3C trace id: 32 lower-case hexadecimal digits, not all 0. A client that sends the header `traceparent`
 * chooses it: it leads to more evidence and proves nothing.
 */
export interface TraceReference {
  readonly traceId: string
  /** 16 lower-case hexadecimal digits, not all 0. */
  readonly spanId?: string
}

export interface RecordReference {
  readonly source: string
  readonly id: string
}
