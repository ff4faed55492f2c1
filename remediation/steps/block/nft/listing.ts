import { z } from 'zod'
import { parseJson } from '../../../../core/json.ts'
import { parseTarget } from '../../../../core/net/target.ts'
import { type BlockSet, blockSets } from './script.ts'

/** What the kernel holds of our table. */
export interface Listing {
  /** Canonical target and the seconds that it still stays. */
  readonly elements: ReadonlyMap<string, { readonly remaining: number; readonly comment: string }>
  /** Networks that are accepted first. */
  readonly allowed: ReadonlySet<string>
  readonly rules: number
  readonly sets: ReadonlySet<string>
}

const prefixSchema = z.object({ prefix: z.object({ addr: z.string(), len: z.int() }) })
const valueSchema = z.union([z.string(), prefixSchema])
const elementSchema = z.union([
  valueSchema,
  z.object({
    elem: z.object({
      val: valueSchema,
      timeout: z.int().optional(),
      expires: z.int().optional(),
      comment: z.string().optional(),
    }),
  }),
])
const setSchema = z.object({
  name: z.string(),
  timeout: z.int().optional(),
  elem: z.array(elementSchema).optional(),
})
const listingSchema = z.object({
  nftables: z.array(z.looseObject({ set: setSchema.optional(), rule: z.unknown().optional() })),
})

/** Reads `nft -j list table`; undefined where it is something else. */
export function parseListing(json: string): Listing | undefined {
  const result = listingSchema.safeParse(parseJson(json))
  if (!result.success) return undefined
  const objects = result.data.nftables
  const sets = objects.flatMap(({ set }) => (set === undefined ? [] : [set]))
  const elements = new Map<string, { remaining: number; comment: string }>()
  for (const set of sets.filter(({ name }) => blockSets.includes(name as BlockSet))) {
    for (const element of set.elem ?? []) {
      const timed = typeof element === 'object' && 'elem' in element ? element.elem : undefined
      const target = targetText(timed?.val ?? (element as z.output<typeof valueSchema>))
      const remaining = timed?.expires ?? timed?.timeout ?? set.timeout ?? Number.POSITIVE_INFINITY
      elements.set(target, { remaining, comment: timed?.comment ?? '' })
    }
  }
  const allowed = sets
    .filter(({ name }) => name.startsWith('allow'))
    .flatMap(({ elem = [] }) => elem)
    .map(element => targetText(typeof element === 'object' && 'elem' in element ? element.elem.val : element))
  return {
    elements,
    allowed: new Set(allowed),
    rules: objects.filter(({ rule }) => rule !== undefined).length,
    sets: new Set(sets.map(({ name }) => name)),
  }
}

/** The text that the ledger uses for the same addresses. */
function targetText(value: z.output<typeof valueSchema>): string {
  const text = typeof value === 'string' ? value : `${value.prefix.addr}/${value.prefix.len}`
  return parseTarget(text)?.text ?? text
}
