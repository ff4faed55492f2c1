import { isHost, type Target } from '../../../../core/net/target.ts'

/** Names of the sets that hold what is dropped, by family and kind. */
export type BlockSet = 'block4' | 'block6' | 'blocknet4' | 'blocknet6'

export const blockSets: readonly BlockSet[] = ['block4', 'block6', 'blocknet4', 'blocknet6']

/** Single addresses lie in hash sets, networks in interval sets: in an interval set, one inside another loses its time. */
export function setOf(target: Target): BlockSet {
  return isHost(target) ? `block${target.family}` : `blocknet${target.family}`
}

/** An element with the seconds that it is to stay; the kernel takes it out by itself. */
export interface TimedElement {
  readonly target: Target
  readonly seconds: number
  /** The incident, carried in the kernel. */
  readonly comment: string
}

/**
 * Puts elements in place, whether or not they are there: adding alone would leave the old time on kernels before 6.12,
 * and fail in a full set.
 */
export function upsertScript(table: string, elements: readonly TimedElement[]): string {
  return bySet(elements, ({ target }) => target)
    .map(([set, some]) => {
      const bare = braces(some.map(({ target }) => target.text))
      const timed = braces(
        some.map(element => `${element.target.text} timeout ${element.seconds}s comment "${quoted(element.comment)}"`),
      )
      const place = `element inet ${table} ${set}`
      return `add ${place} ${bare}\ndelete ${place} ${bare}\nadd ${place} ${timed}\n`
    })
    .join('')
}

/** Takes elements out, whether or not they are there. */
export function deleteScript(table: string, targets: readonly Target[]): string {
  return bySet(targets, target => target)
    .map(([set, some]) => {
      const bare = braces(some.map(({ text }) => text))
      return `add element inet ${table} ${set} ${bare}\ndelete element inet ${table} ${set} ${bare}\n`
    })
    .join('')
}

function bySet<T>(items: readonly T[], targetOf: (item: T) => Target): [BlockSet, T[]][] {
  return [...Map.groupBy(items, item => setOf(targetOf(item)))]
}

const braces = (elements: readonly string[]): string => `{ ${elements.join(', ')} }`

/** nft knows no escape inside quotes; incidents are hexadecimal, so nothing is ever lost. */
const quoted = (text: string): string => text.replace(/[^\w.:/-]/g, '_').slice(0, 120)
