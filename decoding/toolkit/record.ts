import type { EpochMs } from '../../core/clock.ts'
import type { Account, ApprovalStep, Change, EventDetails, TraceReference } from '../../core/event.ts'
import type { Flow } from '../../core/flow.ts'
import type { DeviceCompliance } from '../../core/labels/authentication.ts'
import type { Outcome, Severity, UnknownAddressReason } from '../../core/labels/event.ts'
import type { SignalName } from '../../core/signals.ts'
import type { DeviceState } from './device.ts'
import type { DeviceToken } from './device-tokens.ts'
import type { Fields } from './fields.ts'
import type { ConfigurationChange, PostureSnapshot } from './posture.ts'

/** The record in a document: a raw line, or the parsed object; undefined where there is none in the place that is opened. */
export type OpenDocument = (document: Fields) => string | Fields | undefined

/**
 * How lines of the gateway's console in plain text are written: `bare`, so that a client that puts line breaks into them
 * writes everything of the next line, or `wrapped` in an envelope, which is written around each line and not by a client.
 */
export type ConsoleText = 'bare' | 'wrapped'

/** One raw record as a source read it, not yet understood. */
export interface RawRecord {
  /** Stable and unique within the source: the same record read again has the same id. */
  readonly id: string
  /** A line of text (`file`, `recording`) or a document (`elasticsearch`). */
  readonly body: string | Fields
  /** Finds the record in a document, where the source knows its place. Default: by the marks of the known envelopes. */
  readonly open?: OpenDocument
  /** Present where a client may have written it: such lines of the gateway's console are near before it. */
  readonly forgeable?: ConsoleText | undefined
  /** When the store took it, where it says so. */
  readonly ingestTime?: EpochMs
  /** The gateway that the source knows the record to come from (configured, or captured from the file's path). */
  readonly gateway?: string
  /** An event of an earlier time is older than the installation: it is taken in as backfill and moves no counter. */
  readonly countsFrom?: EpochMs
}

/**
 * What one line claims to have happened. It becomes a SecurityEvent when pairing and authority have let it through
 * and attribution has determined gateway, trust zone and whether the address may be trusted.
 */
export interface Claim {
  readonly signal: SignalName
  /** The signal's own labels without `source_zone` and `destination_zone`, each from its closed set. */
  readonly labels: Readonly<Record<string, string>>
  readonly outcome: Outcome
  readonly severity: Severity
  readonly time: EpochMs
  /** 1 plus the repeats that the origin suppressed. */
  readonly count: number
  /** The stream that reports it; one stream is authoritative for a signal. `other` reports events of its own. */
  readonly stream: Stream | 'other'
  readonly origin: Origin
  readonly actor: ClaimedActor
  /** The account or the token of a device that the record is about, where no user can have forged it. */
  readonly account?: Account
  /**
   * What the same record reports besides, of the same actor: each an event of another signal, which counts where this one
   * does. Of a claim that leads its pair, or has none.
   */
  readonly also?: readonly ClaimDraft[]
  /** The record's own word or code for a reason that is `other` (`codeOf`). */
  readonly code?: string
  /** The two ends of a flow, where a policy decided on one: each has a trust zone of its own. */
  readonly flow?: Flow
  readonly change?: Change
  readonly pair?: Pair
  readonly approval?: ApprovalStep
  /** Of an approval whose approver is the requester; it counts also where another stream is authoritative. */
  readonly isSelfApproval?: true
  readonly details?: EventDetails
  /** The trace that the record names: a client may have chosen its ids. */
  readonly trace?: TraceReference
}

/** The part of a claim that says what happened. */
export type ClaimDraft = Pick<Claim, 'signal' | 'labels' | 'outcome' | 'severity'>

/** The streams in which OpenClaw reports the same events: its log, its security events, its log by OpenTelemetry. */
export const streams = ['file-log', 'security-event', 'otel-log'] as const
export type Stream = (typeof streams)[number]

/** Where the line was written. */
export interface Origin {
  /** ECS `service.instance.id`, where there is one. */
  readonly serviceInstance?: string
  readonly host?: string
  /** The port the gateway listens on, if the line contains it: two ports on one host are two gateways. */
  readonly port?: number
  readonly subsystem?: string
  readonly service?: string
  readonly serviceVersion?: string
  readonly namespace?: string
  readonly workloadLabels?: Readonly<Record<string, string>>
  readonly route?: string
  /** Of an identity provider: Keycloak's realm, the tenant of Entra ID. */
  readonly realm?: string
}

/**
 * The length to which OpenClaw 2026.9.6 truncates a header in its log is 300 characters, or one less where the last
 * would be half a surrogate pair (ws-connection, LOG_HEADER_MAX_LEN): a list of 299 characters may have lost its end.
 */
export const MAX_FORWARDED = 299

/** Who is said to have done it. */
export interface ClaimedActor {
  readonly identity?: string
  readonly device?: string
  /** The socket's other end: the client, or the proxy in front. */
  readonly peerAddress?: string
  /**
   * Raw X-Forwarded-For: written by anyone, believed only when the peer is a configured proxy. Of `MAX_FORWARDED`
   * characters where it may have been truncated at its right end, the only part that a proxy wrote.
   */
  readonly forwardedFor?: string
  /** An address that the gateway itself resolved (its `ip=`). */
  readonly resolvedAddress?: string
  /** The source address of a packet without an answer: its sender may have chosen any, so that it is never trusted. */
  readonly packetAddress?: string
  /** Why the record gives no address that can be believed; it has none of the others then. */
  readonly addressUnknown?: UnknownAddressReason
  /** An address that a user may have written, with the reason why it is not believed: shown, never trusted. */
  readonly claimedAddress?: string
  readonly deviceCompliance?: DeviceCompliance
}

/**
 * Several lines may report one event. The leading line counts at once, its partner only if no leading line arrives. A
 * deputy waits like a partner, in the place of a partner without a known address; of a reused key, in the place of any.
 */
export interface Pair {
  /** Unique to the event within a gateway's log, for instance its connection id. */
  readonly key: string
  readonly role: 'leading' | 'deputy' | 'partner'
  /**
   * Present where later events have the same key, as flows between the same ports: lines are of one event in the same half
   * minute and in neighbouring ones only.
   */
  readonly isReused?: true
}

/** Where a certificate lies that no client showed: it takes the place of the one that was there before. */
export interface CertificatePlace {
  /** The path of a file, or the address of an endpoint. */
  readonly name: string
  /** 0 for the first certificate of the chain, that of the server or client itself. */
  readonly position: number
  /** Certificates of the chain. */
  readonly length: number
}

/** A peer of a WireGuard interface. */
export interface TunnelPeer {
  /** Its name in the configuration, else the beginning of its public key. */
  readonly name: string
  /** 0 where there was none. */
  readonly lastHandshake: EpochMs
  /** Age that the last handshake may have, milliseconds; absent where a silent peer is normal. */
  readonly maxHandshakeAge?: number
}

/** Why a record brought nothing, by the value of `reason` of `clawtrust_undecoded_total`. */
export const undecodedReasons = {
  skipped:
    'a line or record without any text of the prefilter, which was not parsed, or only with texts of other dialects than its own',
  not_json: 'text that is not JSON and of no text dialect',
  not_an_object: 'JSON that is not an object',
  unknown_envelope: 'a document whose root is not a record and that has no known envelope; it was not opened',
  partial_record:
    'a record that a container runtime or the journal split, of which not all parts were found; or one that `journalctl` left out because it ran without `--all`, or that was cut behind a header of syslog',
  unknown_layout: 'an object that no dialect recognises, or without the parts that its dialect always has',
  unknown_template: 'a record of a dialect with a message of no known event',
  unknown_version: 'a record of a guard in a version of its format that is not known',
  malformed_record:
    'a record that is nested too deeply; or a log record by OTLP with a field of another type than in its protocol, which was refused to its sender',
  truncated_message: 'a message that was truncated before its event',
  content_withheld: 'a log record by OpenTelemetry without its message',
  bad_time:
    'a record without a time, or with one that has no offset; of the console in plain text one with the time of day only, in no envelope that gives the date',
  line_too_long: 'a line longer than 131,072 characters, which was not parsed',
  forgeable_line:
    'a record that follows the console of a gateway in plain text, in which a client can write whole lines, or a line of that console with a signal that is not believed there (`logging.consoleStyle: json` ends it)',
  not_authoritative: 'a record of a stream that is not authoritative for its signal (`exporter.authority`)',
} as const
export type UndecodedReason = keyof typeof undecodedReasons

/** What became of one record. `time` is the record's own event time wherever it could be read. */
export type Decoding =
  | { readonly kind: 'claim'; readonly time: EpochMs; readonly claim: Claim }
  /** Understood, and of no signal (a close without a cause, an enriching line). */
  | { readonly kind: 'no_signal'; readonly time: EpochMs; readonly template: string }
  /** The origin says that it dropped records. */
  | { readonly kind: 'telemetry_lost'; readonly time: EpochMs; readonly records: number }
  /** A verified client showed a certificate that is valid until `expires`, or a place has one. */
  | {
      readonly kind: 'certificate'
      readonly time: EpochMs
      readonly origin: Origin
      readonly subject: string
      readonly expires: EpochMs
      /** Absent where a client showed it. */
      readonly place?: CertificatePlace
    }
  /** All open findings of one producer about the gateway at `time`. */
  | {
      readonly kind: 'posture_snapshot'
      readonly time: EpochMs
      readonly origin: Origin
      readonly snapshot: PostureSnapshot
    }
  /** What a device is like. */
  | { readonly kind: 'device_state'; readonly time: EpochMs; readonly origin: Origin; readonly state: DeviceState }
  /** Every token of every device of the gateway. */
  | {
      readonly kind: 'device_tokens'
      readonly time: EpochMs
      readonly origin: Origin
      readonly tokens: readonly DeviceToken[]
    }
  /** The configuration of the gateway was changed. */
  | {
      readonly kind: 'configuration_change'
      readonly time: EpochMs
      readonly origin: Origin
      readonly change: ConfigurationChange
    }
  /** A peer of a tunnel, as it was at `time`. */
  | { readonly kind: 'tunnel'; readonly time: EpochMs; readonly origin: Origin; readonly peer: TunnelPeer }
  | { readonly kind: 'undecoded'; readonly time?: EpochMs; readonly reason: UndecodedReason }
