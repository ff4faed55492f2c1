import type { EpochMs } from '../../../core/clock.ts'
import type { Product } from '../../../core/labels/products.ts'

/** What is known of the versions of one product at one gateway. */
export interface ProductVersions {
  readonly gateway: string
  readonly product: Product
  /** The first seen first. */
  readonly versions: readonly ObservedVersion[]
}

export interface ObservedVersion {
  readonly version: string
  /** True of the version that was reported last. */
  readonly isCurrent: boolean
  /** When its first record was read. */
  readonly since: EpochMs
  /** Minutes with records, and with undecoded ones. */
  readonly minutes: number
  readonly undecodedMinutes: number
  /** Log templates that no version before it wrote. */
  readonly newTemplates: readonly string[]
  /** More of its minutes have undecoded records, and a signal is gone. */
  readonly hasMoreUndecoded: boolean
}

/** What the page and the API read. */
export interface ReadVersions {
  /** By gateway, then by product. */
  list(): readonly ProductVersions[]
}
