import { contains, overlaps, type Target } from '../../../core/net/target.ts'
import { networkOf } from '../../decide/network-classes.ts'

/** The addresses of a network without those of some networks in it. */
export interface Network {
  readonly family: 4 | 6
  /** With its prefix: `10.0.0.0/8`, `192.0.2.1/32`. */
  readonly cidr: string
  readonly except: readonly string[]
}

export const everyNetwork: readonly [string, string] = ['0.0.0.0/0', '::/0']

/**
 * What networks have in common, without what others have.
 *
 * @param within at least one
 * @returns undefined where nothing is left
 */
export function networkWithin(within: readonly string[], without: readonly string[]): Network | undefined {
  const [smallest, ...others] = within.map(networkOf).toSorted((a, b) => b.prefix - a.prefix)
  if (smallest === undefined || !others.every(outer => contains(outer, smallest))) return undefined
  const excluded = without.map(networkOf).filter(one => overlaps(one, smallest))
  if (excluded.some(one => contains(one, smallest))) return undefined
  const largest = excluded.filter(one => !excluded.some(other => other.prefix < one.prefix && contains(other, one)))
  return {
    family: smallest.family,
    cidr: cidrText(smallest),
    except: [...new Set(largest.map(cidrText))].sort(),
  }
}

/** With its prefix, as Kubernetes asks for it, also of one address. */
const cidrText = ({ text, prefix }: Target): string => (text.includes('/') ? text : `${text}/${prefix}`)
