import { BITS, networkOf, parseTarget, type Target } from '../../core/net/target.ts'
import type { PortRange } from '../model/policy.ts'

/** What replaces single values, and how many of them it is made of. */
export interface Widened {
  /** As a policy has it. */
  readonly text: string
  readonly seen: number
  readonly size: number
}

/** Ports further apart than this are in no range together. */
const MAX_STEP = 4
const LEAST_PORTS = 8

/**
 * Ranges of ports. Ports that follow each other are a range; others only where at least half of eight or more ports were
 * seen.
 *
 * @param ports distinct
 * @param isExact no range has a port that was not seen
 */
export function portRanges(ports: Iterable<number>, isExact: boolean): { ranges: PortRange[]; widened: Widened[] } {
  const ranges: PortRange[] = []
  const widened: Widened[] = []
  for (const cluster of runsOf(
    [...ports].sort((a, b) => a - b),
    isExact ? 1 : MAX_STEP,
  )) {
    const [first = 0] = cluster
    const last = cluster.at(-1) ?? first
    const size = last - first + 1
    if (cluster.length === size) ranges.push({ first, last })
    else if (cluster.length >= LEAST_PORTS && 2 * cluster.length >= size) {
      ranges.push({ first, last })
      widened.push({ text: `${first}-${last}`, seen: cluster.length, size })
    } else for (const run of runsOf(cluster, 1)) ranges.push({ first: run[0] ?? 0, last: run.at(-1) ?? 0 })
  }
  return { ranges, widened }
}

/** Numbers that follow each other by at most a step. */
function runsOf(sorted: readonly number[], step: number): readonly (readonly number[])[] {
  const runs: number[][] = []
  for (const value of sorted) {
    const run = runs.at(-1)
    if (run !== undefined && value - (run.at(-1) ?? 0) <= step) run.push(value)
    else runs.push([value])
  }
  return runs
}

const LEAST_ADDRESSES = { 4: 4, 6: 8 } as const
const WIDEST = { 4: 24, 6: 64 } as const
/** Half of its addresses cannot be seen of a network of IPv6: a prefix of this length is one link. */
const NARROWEST = { 4: 30, 6: 64 } as const

/**
 * Networks of addresses: the widest ones, not wider than /24, of which at least half of the addresses were seen, and at
 * least four; of IPv6 a /64 with at least eight. Other addresses stay.
 *
 * @param addresses distinct and canonical
 */
export function densestNetworks(addresses: readonly string[]): { networks: string[]; widened: Widened[] } {
  const networks: string[] = []
  const widened: Widened[] = []
  const split = (targets: readonly Target[], prefix: number): void => {
    const [first] = targets
    if (first === undefined) return
    const { family } = first
    const groups = Map.groupBy(targets, ({ value }) => networkOf(family, value, prefix).text)
    for (const [text, members] of groups) {
      const size = family === 4 ? 2 ** (BITS[4] - prefix) : 0
      if (members.length >= LEAST_ADDRESSES[family] && 2 * members.length >= size) {
        networks.push(text)
        widened.push({ text, seen: members.length, size })
      } else if (prefix < NARROWEST[family] && members.length >= LEAST_ADDRESSES[family]) split(members, prefix + 1)
      else networks.push(...members.map(one => one.text))
    }
  }
  const targets = addresses.flatMap(text => parseTarget(text) ?? [])
  for (const family of [4, 6] as const) {
    split(
      targets.filter(one => one.family === family),
      WIDEST[family],
    )
  }
  return { networks, widened }
}
