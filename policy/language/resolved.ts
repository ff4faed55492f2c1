import type { Transport } from '../../core/flow.ts'
import type { Condition, Expectation, PortRange, Role, Span } from '../model/policy.ts'

/** A policy whose names are resolved: lists are expanded and zones are linked. The evaluator and the targets read this. */
export interface ResolvedPolicy {
  readonly name: string
  readonly timeZone: string
  readonly identityLabel?: string
  readonly zones: readonly ResolvedZone[]
  readonly rules: readonly ResolvedRule[]
  readonly roles: readonly Role[]
}

export interface ResolvedZone {
  readonly name: string
  readonly at: Span
  readonly members: ResolvedSelector
}

/** Alternatives of terms that must all hold. */
export type ResolvedSelector = readonly (readonly ResolvedTerm[])[]

export type ResolvedTerm =
  | { readonly kind: 'any' }
  | { readonly kind: 'service-identity'; readonly name: string }
  /** Position in `ResolvedPolicy.zones`. */
  | { readonly kind: 'zone'; readonly zone: number }
  | { readonly kind: 'namespace'; readonly name: string }
  | { readonly kind: 'label'; readonly label: string; readonly value: string }
  | { readonly kind: 'network'; readonly cidr: string }
  | { readonly kind: 'host'; readonly name: string }

export interface ResolvedRule {
  readonly name: string
  readonly at: Span
  readonly from: ResolvedSelector
  readonly to: readonly ResolvedDestination[]
  /** What the rule is about, for targets that can compare server names. */
  readonly isTls: boolean
  readonly conditions: readonly Condition[]
  readonly owner?: string
  readonly expires?: string
  readonly reason?: string
}

export interface ResolvedDestination {
  readonly terms: readonly ResolvedTerm[]
  /** One must hold. Empty: every transport and port. */
  readonly ports: readonly ResolvedPorts[]
}

export interface ResolvedPorts extends PortRange {
  readonly transport: Transport
}

/** An expectation whose names are resolved. Lists are alternatives, of which each is expected to be answered alike. */
export interface ResolvedExpectation extends Pick<Expectation, 'at' | 'decision' | 'conditions'> {
  readonly from: ResolvedSelector
  readonly to: readonly ResolvedDestination[]
}
