import type { Product } from '../../core/labels/products.ts'
import type { Fields } from './fields.ts'
import type { Decoding, Origin, UndecodedReason } from './record.ts'

/** What a record shows of the version of its program, beside what it claims. */
export interface VersionReport {
  readonly origin: Origin
  /** As the program wrote it: `knownVersion` decides whether it is one. */
  readonly version?: string
  /** Of an undecoded record: its log template. */
  readonly template?: string
}

/** How the records of a dialect show the version of the program that writes them. */
export interface WatchedVersions {
  readonly product: Product
  /** Undefined where what the record claims, or reports of a guard, says all that is known. */
  report(fields: Fields, decoding: Decoding): VersionReport | undefined
}

/** A number with dots, and the number or name of a build: all that becomes a label. */
const VERSION = /^v?(\d{1,5}\.\d{1,5}(?:\.\d{1,5})?(?:\.\d{1,5})?(?:-[a-z\d.]{1,16})?)$/

/** A version without a leading `v`; undefined for any other text, which a client may have written. */
export function knownVersion(text: string): string | undefined {
  return VERSION.exec(text)?.[1]
}

/** Reasons that a change of a format brings: others are of a cut, a configuration or another program. */
export const reasonsOfFormat: ReadonlySet<UndecodedReason> = new Set([
  'unknown_template',
  'unknown_layout',
  'unknown_version',
  'bad_time',
])
