/**
 * Label values of compliance. The sets are closed.
 */

/**
 * What a report says of a control. `unknown`: fresh evidence is missing, which is never a pass. `manual`: no log can show
 * it. `exception`: it does not hold, and an owner has accepted that until a date.
 */
export const controlStatuses = ['pass', 'fail', 'unknown', 'manual', 'exception'] as const
export type ControlStatus = (typeof controlStatuses)[number]

/** The pillars and cross-cutting capabilities of CISA's Zero Trust Maturity Model 2.0 (April 2023). */
export const pillars = [
  'identity',
  'devices',
  'networks',
  'applications',
  'data',
  'visibility',
  'automation',
  'governance',
] as const
export type Pillar = (typeof pillars)[number]

/** What is read for a report. */
export const evidenceStores = ['elasticsearch', 'prometheus', 'ledger', 'state'] as const
export type EvidenceStore = (typeof evidenceStores)[number]
