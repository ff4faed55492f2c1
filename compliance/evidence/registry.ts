import { z } from 'zod'
import type { EvidenceStore } from '../../core/labels/compliance.ts'
import { alertsEvidence } from './alerts.ts'
import { coverageEvidence } from './coverage-kind.ts'
import { documentsEvidence } from './documents.ts'
import { findings } from './findings.ts'
import type { EvidenceContext } from './kind.ts'
import { ledger } from './ledger.ts'
import { metricEvidence } from './metric.ts'
import { policyShadow } from './policy-shadow.ts'
import type { Reading } from './reading.ts'

/** Every kind of evidence, in the order of the docs. */
export const evidenceKinds = [
  documentsEvidence,
  metricEvidence,
  alertsEvidence,
  ledger,
  findings,
  coverageEvidence,
  policyShadow,
] as const

type Kinds = typeof evidenceKinds
type SchemasOf<All extends readonly { readonly schema: unknown }[]> = {
  -readonly [Index in keyof All]: All[Index]['schema']
}

/** The key `evidence` of a test. */
export const evidenceSchema = z.discriminatedUnion(
  'from',
  evidenceKinds.map(({ schema }) => schema) as unknown as SchemasOf<Kinds>,
)
export type EvidenceRequest = z.output<typeof evidenceSchema>

/** A kind, of which the caller does not know the request. */
export interface AnyEvidenceKind {
  readonly type: EvidenceRequest['from']
  readonly store: EvidenceStore
  readonly otherwise?: EvidenceStore
  readonly summary: string
  sentence(request: EvidenceRequest): string
  unit(request: EvidenceRequest): string
  read(request: EvidenceRequest, context: EvidenceContext): Promise<Reading>
}

/** The kind of a request. The kind of a request takes this request, which its type alone does not say. */
export function evidenceKind({ from }: Pick<EvidenceRequest, 'from'>): AnyEvidenceKind {
  return evidenceKinds.find(({ type }) => type === from) as unknown as AnyEvidenceKind
}
