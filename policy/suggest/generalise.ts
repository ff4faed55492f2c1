import { textOrder } from '../../core/text-order.ts'
import { densestNetworks, type Widened } from './dense.ts'
import { type NamedEnd, namedEnd, textOf } from './end-terms.ts'

/** Ends as a rule names them. */
export interface GeneralEnds {
  readonly ends: readonly NamedEnd[]
  /** Sentences: what holds for more than was seen, and why. */
  readonly widened: readonly string[]
}

/** Identities of a namespace that make it the namespace itself. */
const LEAST_IDENTITIES = 3

/**
 * Ends that are alike in what they reach, or in what reaches them: all identities of a namespace become the namespace,
 * addresses that lie dense become networks.
 *
 * @param seen keys of all ends that were seen in each namespace
 */
export function generalise(
  ends: readonly NamedEnd[],
  seen: ReadonlyMap<string, ReadonlySet<string>>,
  isExact: boolean,
): GeneralEnds {
  const found: NamedEnd[] = []
  const widened: string[] = []
  const addresses: string[] = []
  for (const [namespace, members] of Map.groupBy(ends, end => end.namespace)) {
    if (namespace === undefined) {
      for (const end of members) {
        if (end.own?.kind === 'network' && !isExact) addresses.push(end.own.cidr)
        else found.push(end)
      }
      continue
    }
    const whole = members.find(({ own }) => own === undefined)
    const keys = new Set(members.map(({ key }) => key))
    const all = seen.get(namespace) ?? keys
    const isAll = members.length >= LEAST_IDENTITIES && [...all].every(key => keys.has(key))
    if (whole !== undefined) found.push(whole)
    else if (isAll && !isExact) {
      found.push(namedEnd(namespace, undefined))
      widened.push(`namespace ${namespace} for its ${members.length} ends, which are all that were seen there`)
    } else found.push(...members)
  }
  const dense = densestNetworks(addresses)
  found.push(...dense.networks.map(cidr => namedEnd(undefined, { kind: 'network', cidr, at: { from: 0, to: 0 } })))
  return {
    ends: found.sort((a, b) => textOrder(orderOf(a), orderOf(b))),
    widened: [...widened, ...dense.widened.map(networkWords)],
  }
}

const orderOf = ({ namespace = '', own }: NamedEnd): string => `${namespace} ${own === undefined ? '' : textOf(own)}`

const networkWords = ({ text, seen, size }: Widened): string =>
  `${text} for ${seen} addresses${size === 0 ? '' : ` of its ${size}`}`

export const portWords = ({ text, seen, size }: Widened): string => `ports ${text} for ${seen} of these ${size}`
