import type { SignalName } from '../../core/signals.ts'
import type { Claim, Stream } from '../../decoding/toolkit/record.ts'
import type { SeriesStore } from '../../service/series/series.ts'

type LabelValues = Readonly<Record<string, readonly string[]>>

interface Shared {
  /** What both streams report: label values that an event has together, one member for each kind; without it, all. */
  readonly among?: readonly LabelValues[]
  /** Label values that only one stream reports. */
  readonly except?: LabelValues
}

/**
 * What both the file log and `security.event` report, hence where counting both would count twice. Outside of it
 * there is nothing to choose: exec approvals are only in `security.event`, refused origins only in the file log.
 */
const sharedBetweenStreams = {
  auth_failures: {
    except: {
      mechanism: ['origin', 'pairing', 'handshake', 'webhook', 'http'],
      reason: ['device-required', 'control-ui-insecure-auth'],
    },
  },
  auth_successes: {},
  auth_lockouts: { except: { mechanism: ['webhook', 'http'] } },
  posture_drifts: {
    among: [{ kind: ['pairing_approved', 'pairing_renamed', 'pairing_removed', 'token_rotated', 'token_revoked'] }],
  },
  policy_decisions: {
    among: [
      { engine: ['openclaw-device'] },
      // The log writes them at level DEBUG, or where the gateway could not be asked for the approval.
      { engine: ['openclaw-tools'], policy: ['before_tool_call', 'plugin_approval'] },
    ],
  },
} as const satisfies Partial<Record<SignalName, Shared>>

/** Signals that more than one stream reports. */
export type SharedSignal = keyof typeof sharedBetweenStreams

/** The stream whose records count, for each signal that more than one reports; from the configuration. */
export type Authority = Readonly<Record<SharedSignal, Stream>>

/** True where this claim's stream is the one that counts. */
export function isAuthoritative(claim: Claim, authority: Authority): boolean {
  const { signal } = claim
  if (!isShared(signal)) return true
  const chosen = authority[signal]
  if (chosen === claim.stream || claim.stream === 'other') return true
  // The log and the log by OpenTelemetry are the same lines: one of them counts, or none.
  if (claim.stream === 'otel-log' || (chosen === 'otel-log' && claim.stream === 'file-log')) return false
  const { among, except = {} }: Shared = sharedBetweenStreams[signal]
  const has = ([label, values]: readonly [string, readonly string[]]) => values.includes(claim.labels[label] ?? '')
  const isOfBoth = among === undefined || among.some(labels => Object.entries(labels).every(has))
  return !isOfBoth || Object.entries(except).some(has)
}

const sharedSignals: ReadonlySet<string> = new Set(Object.keys(sharedBetweenStreams))

const isShared = (signal: SignalName): signal is SharedSignal => sharedSignals.has(signal)

/** Shows in a metric which stream counts for which signal. */
export function exposeAuthority(store: SeriesStore, authority: Authority): void {
  const choice = store.define({
    name: 'clawtrust_authority_info',
    help: 'Always 1; the labels show the authoritative stream of a signal, where two streams report the same events.',
    type: 'gauge',
    labels: ['signal', 'stream'],
    durable: false,
  })
  for (const [signal, stream] of Object.entries(authority)) choice.series(signal, stream).value = 1
}
