import type { z } from 'zod'
import type { EvidenceStore } from '../../core/labels/compliance.ts'
import type { ExpectedCoverage } from './coverage.ts'
import type { Period } from './period.ts'
import type { Reading } from './reading.ts'
import type { Stores } from './stores.ts'

/** What a kind of evidence is given besides its request. */
export interface EvidenceContext {
  readonly period: Period
  readonly stores: Stores
  readonly signal: AbortSignal
  /** What a deployment says it observes. */
  readonly expected?: ExpectedCoverage
}

/**
 * One kind of evidence: what a test of a control may ask for. It owns the form of its request in a catalogue, the reading,
 * and the words for both. See compliance/evidence/registry.ts.
 */
export interface EvidenceKind<Type extends string, Schema extends z.ZodObject> {
  /** Value of the key `from` of a test; frozen once it is released. */
  readonly type: Type
  /** The store that it asks first: of a request that fails, the one that could not be read. */
  readonly store: EvidenceStore
  /** The store that it asks where a deployment does not have the first one. */
  readonly otherwise?: EvidenceStore
  /** What it reads, a phrase for docs and reports. */
  readonly summary: string
  /** Its keys in a catalogue, with `from: z.literal(type)`. */
  readonly schema: Schema
  /** The request in words, for people: `Failed sign-ins that were recorded`. */
  sentence(request: z.output<Schema>): string
  /** Unit of its value: `events`, `%`, `seconds`. */
  unit(request: z.output<Schema>): string
  /**
   * Asks the stores. A store that is not configured, or holds nothing about the period, gives a value of null, never zero.
   *
   * @throws Fault in own words where a store cannot be read
   */
  read(request: z.output<Schema>, context: EvidenceContext): Promise<Reading>
}

/** The same kind, its request typed by its schema. */
export const defineEvidence = <Type extends string, Schema extends z.ZodObject>(
  kind: EvidenceKind<Type, Schema>,
): EvidenceKind<Type, Schema> => kind
