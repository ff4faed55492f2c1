import type { ApplicationProtocol } from './protocols.ts'

/**
 * An allow-list as written, in either form (text or YAML): what no rule allows is denied. Names are not resolved yet
 * (`resolve.ts` of the language does that); each part knows its place in the source, for messages.
 */
export interface Policy {
  /** Label value of `clawtrust_policy_shadow_decisions_total`. */
  readonly name: string
  /** IANA time zone of conditions on time and weekday. Default: UTC. */
  readonly timeZone: string
  /** The workload label that is the service identity; absent where that is the service account or the name of the service. */
  readonly identityLabel?: string
  readonly zones: readonly Zone[]
  readonly lists: readonly List[]
  readonly rules: readonly Rule[]
  readonly roles: readonly Role[]
  readonly expectations: readonly Expectation[]
}

/** A piece of the source text: offsets in UTF-16 units, `to` not included. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Names of policies, zones, lists, rules and roles. */
export const POLICY_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/

interface Named {
  readonly name: string
  readonly at: Span
}

/** A trust zone by its members. The zone of an end is the first one, in the order of the file, whose members it is among. */
export interface Zone extends Named {
  readonly members: Selector
}

/** A name for alternatives that several rules need; lists may hold lists. */
export interface List extends Named {
  readonly members: Selector
}

/** Alternatives: one must hold. Never empty. */
export type Selector = readonly Conjunction[]

export interface Conjunction {
  readonly at: Span
  /** All must hold. Never empty. */
  readonly terms: readonly Term[]
}

/** One property of one end. */
export type Term = { readonly at: Span } & (
  | { readonly kind: 'any' }
  | { readonly kind: 'service-identity'; readonly name: string }
  | { readonly kind: 'zone'; readonly zone: string }
  | { readonly kind: 'list'; readonly list: string }
  | { readonly kind: 'namespace'; readonly name: string }
  | { readonly kind: 'label'; readonly label: string; readonly value: string }
  /** A canonical network or single address (`10.0.0.0/8`, `2001:db8::1`). */
  | { readonly kind: 'network'; readonly cidr: string }
  /** A DNS name in lower case, or `*.` and one: any name one label longer (as `toFQDNs.matchPattern` of Cilium). */
  | { readonly kind: 'host'; readonly name: string }
)

/** Who may reach what, over which protocol, under which conditions. */
export interface Rule extends Named {
  readonly from: Selector
  readonly to: readonly Destination[]
  /** Empty where the rule names none: every protocol. */
  readonly protocols: readonly ApplicationProtocol[]
  /** All must hold. */
  readonly conditions: readonly Condition[]
  readonly owner?: string
  /** Last day of the rule, `2027-03-31`; afterwards it allows nothing. */
  readonly expires?: string
  readonly reason?: string
}

export interface Destination extends Conjunction {
  /** Empty where the rule names none: the default port of its protocols, else every port. */
  readonly ports: readonly PortRange[]
}

export interface PortRange {
  readonly first: number
  /** Not less than `first`. */
  readonly last: number
}

export const devicePostures = ['trusted', 'untrusted', 'unknown'] as const
export type DevicePosture = (typeof devicePostures)[number]

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]

/** What must hold beside the two ends. */
export type Condition = { readonly at: Span } & (
  | { readonly kind: 'device-posture'; readonly is: readonly DevicePosture[] }
  /** Minutes since midnight in the time zone of the policy; over midnight where `from` is greater than `to`. */
  | { readonly kind: 'time'; readonly from: number; readonly to: number }
  | { readonly kind: 'weekday'; readonly days: readonly Weekday[] }
  /** The address of the source. */
  | { readonly kind: 'network'; readonly networks: readonly string[] }
  /** Proof of both identities, as mutual TLS gives it. */
  | { readonly kind: 'authentication'; readonly is: 'mutual' }
)

/** RBAC: what an identity may hold, as `identity_roles` of clawtrust.yml; with conditions it is ABAC. */
export interface Role extends Named {
  readonly identities: readonly string[]
  readonly scopes: readonly string[]
  readonly conditions: readonly Condition[]
}

/** A table test: `expect deny from zone=analytics to api.openclaw.local:443`. */
export interface Expectation {
  readonly at: Span
  readonly decision: 'allow' | 'deny' | 'unknown'
  readonly from: Conjunction
  readonly to: Destination
  readonly protocols: readonly ApplicationProtocol[]
  readonly conditions: readonly Condition[]
}
