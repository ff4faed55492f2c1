import type { SignalName } from '../../core/signals.ts'
import type { Observer } from '../../core/zero-trust.ts'
import type { DialectDocumentation } from './dialect.ts'
import type { Footprint } from './setup.ts'

/** What reports signals: a dialect of the records of a program, or a source that looks at something itself. */
export interface Reporter {
  /** Value of the label `decoder`. Frozen. */
  readonly name: string
  /** Signals that its records move. */
  readonly signals: readonly SignalName[]
  readonly observer: Observer
  /** How a program that its records are about is found on a host. */
  readonly footprint?: Footprint
  readonly documentation: Pick<DialectDocumentation, 'samples' | 'setup'>
}
