import { contains } from '../../../core/net/target.ts'
import type { Literals, Property } from '../../decide/literals.ts'
import { networkOf } from '../../decide/network-classes.ts'
import type { ZoneExpansion } from '../../decide/zone-expansion.ts'
import type { ResolvedSelector } from '../../language/resolved.ts'
import type { Losses } from './losses.ts'
import { everyNetwork, type Network, networkWithin } from './networks.ts'

/** Addresses of one family: networks without a part of them. Without a family: every address. */
export type AddressSet =
  | { readonly family: undefined }
  | { readonly family: 4 | 6; readonly networks: readonly string[]; readonly except: readonly string[] }

type Side = 'source' | 'destination'

/**
 * The addresses of a selector, as few sets as possible. What a packet does not show is a loss.
 *
 * @param title of the target
 */
export function addressSets(
  selector: ResolvedSelector,
  zones: ZoneExpansion,
  side: Side,
  { title, rule, losses }: { readonly title: string; readonly rule: string; readonly losses: Losses },
): readonly AddressSet[] {
  const alternatives = zones.expand(selector)
  if (alternatives === undefined) {
    losses.narrower(
      rule,
      `${side}.address`,
      `its ${side} has more than a thousand alternatives, because zones before its zone are excluded; order the zones so that those that overlap are last`,
    )
    return []
  }
  const networks: Network[] = []
  for (const literals of alternatives) {
    const invisible = literals.find(({ property }) => property.kind !== 'network')
    if (invisible !== undefined) {
      const { part, words } = parts[invisible.property.kind as Exclude<Property['kind'], 'network'>]
      const what = invisible.isNegated
        ? `${title} cannot rule out ${words} of a zone before that of the ${side}, so that this ${side} is left out; put zones of networks first`
        : `${title} cannot compare ${words}, so that this ${side} is left out; name its networks, or enforce it in the cluster`
      losses.narrower(rule, `${side}.${part}`, what)
      continue
    }
    if (literals.length === 0) return [{ family: undefined }]
    networks.push(...networksOf(literals))
  }
  return joined(networks)
}

const parts = {
  'service-identity': { part: 'identity', words: 'a service identity' },
  namespace: { part: 'namespace', words: 'a namespace' },
  label: { part: 'labels', words: 'a label' },
  host: { part: 'name', words: 'a host name' },
} as const

function networksOf(literals: Literals): readonly Network[] {
  const cidrs = (isNegated: boolean) =>
    literals.flatMap(one => (one.isNegated === isNegated && one.property.kind === 'network' ? [one.property.cidr] : []))
  const within = cidrs(false)
  const found =
    within.length > 0
      ? [networkWithin(within, cidrs(true))]
      : everyNetwork.map(cidr => networkWithin([cidr], cidrs(true)))
  return found.filter(one => one !== undefined)
}

/** Whole networks of a family are one set; others are sets of their own. */
function joined(networks: readonly Network[]): readonly AddressSet[] {
  const parted = networks.filter(({ except }) => except.length > 0)
  const whole = ([4, 6] as const).flatMap(family => {
    const cidrs = networks.filter(one => one.family === family && one.except.length === 0).map(({ cidr }) => cidr)
    return cidrs.length === 0 ? [] : [{ family, networks: outermost(cidrs), except: [] }]
  })
  return [...whole, ...parted.map(({ family, cidr, except }) => ({ family, networks: [cidr], except }))]
}

/** Elements of a set must not overlap. */
function outermost(cidrs: readonly string[]): readonly string[] {
  const targets = [...new Set(cidrs)].map(cidr => ({ cidr, target: networkOf(cidr) }))
  return targets
    .filter(
      ({ target }) => !targets.some(other => other.target.prefix < target.prefix && contains(other.target, target)),
    )
    .map(({ cidr }) => cidr)
}
