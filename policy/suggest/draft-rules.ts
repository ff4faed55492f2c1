import type { Transport } from '../../core/flow.ts'
import type { Condition, PortRange } from '../model/policy.ts'
import type { Access, Accesses } from './accesses.ts'
import { portRanges } from './dense.ts'
import type { NamedEnd } from './end-terms.ts'
import { generalise, portWords } from './generalise.ts'

/** A rule before it has its name. */
export interface RuleDraft {
  readonly sources: readonly NamedEnd[]
  readonly destinations: readonly NamedEnd[]
  readonly transport: Transport
  /** Empty for ICMP. */
  readonly ports: readonly PortRange[]
  readonly conditions: readonly Condition[]
  readonly events: number
  /** Sentences: what holds for more than was seen. */
  readonly widened: readonly string[]
  /** Keys of the steps that made it hold for more. */
  readonly generalisations: readonly string[]
  readonly accesses: readonly Access[]
}

/** Accesses between two ends that differ in their ports, then those of several ends that are alike. */
interface Link extends Omit<RuleDraft, 'sources' | 'destinations'> {
  readonly source: NamedEnd
  readonly destination: NamedEnd
  /** Equal where transport, ports and conditions are. */
  readonly door: string
}

/**
 * The rules for accesses. Ends that reach the same over the same ports are in one rule, and so are destinations that the same
 * ends reach.
 *
 * @param exactOnly keys of generalisations that would allow what was denied
 */
export function draftRules(
  accesses: readonly Access[],
  seen: Accesses['seen'],
  exactOnly: ReadonlySet<string>,
): readonly RuleDraft[] {
  const links = [...Map.groupBy(accesses, linkKey)].map(([key, those]) => linkOf(key, those, exactOnly))
  const byDestination = [...Map.groupBy(links, ({ destination, door }) => `${destination.key} ${door}`)]
  const gathered = byDestination.map(([group, those]) => {
    const key = `sources ${group}`
    const { ends, widened } = generalise(distinct(those.map(({ source }) => source)), seen.sources, exactOnly.has(key))
    return { links: those, sources: ends, widened, key, origin: ends.map(end => end.key).join(' ') }
  })
  return [...Map.groupBy(gathered, ({ origin, links: [first] }) => `${origin} ${first?.door}`)].map(
    ([group, those]) => {
      const key = `destinations ${group}`
      const all = those.flatMap(one => one.links)
      const ends = distinct(all.map(({ destination }) => destination))
      const { ends: destinations, widened } = generalise(ends, seen.destinations, exactOnly.has(key))
      const [first] = all as [Link]
      return {
        sources: those[0]?.sources ?? [],
        destinations,
        transport: first.transport,
        ports: first.ports,
        conditions: first.conditions,
        events: all.reduce((sum, { events }) => sum + events, 0),
        widened: [...new Set([...those.flatMap(one => one.widened), ...widened, ...all.flatMap(one => one.widened)])],
        generalisations: [
          ...those.flatMap(one => (one.widened.length > 0 ? [one.key] : [])),
          ...(widened.length > 0 ? [key] : []),
          ...all.flatMap(one => one.generalisations),
        ],
        accesses: all.flatMap(one => one.accesses),
      }
    },
  )
}

const at = { from: 0, to: 0 }

/** What all flows of an access have in common beside its ends. */
function conditionsOf({ postures, isMutuallyAuthenticated }: Access): readonly Condition[] {
  return [
    ...(postures?.size === 1 && postures.has('trusted')
      ? [{ kind: 'device-posture', is: ['trusted'], at } as const]
      : []),
    ...(isMutuallyAuthenticated ? [{ kind: 'authentication', is: 'mutual', at } as const] : []),
  ]
}

const conditionKey = (conditions: readonly Condition[]): string => conditions.map(({ kind }) => kind).join('+')

const linkKey = (access: Access): string =>
  `${access.source.key} ${access.destination.key} ${access.transport} ${conditionKey(conditionsOf(access))}`

function linkOf(key: string, accesses: readonly Access[], exactOnly: ReadonlySet<string>): Link {
  const [first] = accesses as [Access]
  const conditions = conditionsOf(first)
  const { ranges, widened } = portRanges(
    accesses.flatMap(({ port }) => port ?? []),
    exactOnly.has(key),
  )
  const ports = ranges.map(({ first: least, last }) => `${least}-${last}`).join(',')
  return {
    source: first.source,
    destination: first.destination,
    transport: first.transport,
    ports: ranges,
    conditions,
    door: `${first.transport} ${ports} ${conditionKey(conditions)}`,
    events: accesses.reduce((sum, { events }) => sum + events, 0),
    widened: widened.map(portWords),
    generalisations: widened.length > 0 ? [key] : [],
    accesses,
  }
}

const distinct = (ends: readonly NamedEnd[]): readonly NamedEnd[] => [
  ...new Map(ends.map(end => [end.key, end])).values(),
]
