import type { Reporter } from '../../decoding/dialects/reporter.ts'
import { dialects } from '../../decoding/registry.ts'
import { sourceKinds } from './registry.ts'

/** What reports signals: every dialect, in the order of recognition, then the sources that decode what they see. */
export const reporters: readonly Reporter[] = [
  ...dialects,
  ...sourceKinds.flatMap(({ reporter }) => (reporter === undefined ? [] : [reporter])),
]
