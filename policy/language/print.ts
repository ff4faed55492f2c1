import { stringify } from 'yaml'
import type { Policy } from '../model/policy.ts'
import { type LaidBlock, type LaidComment, type LaidProperty, layOut } from './layout.ts'
import { sections } from './sections.ts'
import { type WrittenBlock, type WrittenProperty, writtenBlocks } from './write.ts'

/** Comments of a policy: lines without the hash, which hold no character that a policy cannot have. */
export interface PolicyComments {
  /** Above the policy. */
  readonly head: readonly string[]
  /** In a rule, by its name. */
  readonly rules: ReadonlyMap<string, readonly string[]>
}

const NONE: PolicyComments = { head: [], rules: new Map() }

/** The text form of a policy, in the layout of `formatPolicy`. */
export function printPolicy(policy: Policy, { head, rules }: PolicyComments = NONE): string {
  const blocks = writtenBlocks(policy).map(block =>
    laidBlock(block, block.keyword === 'allow' ? (rules.get(block.name) ?? []) : []),
  )
  return layOut([...head.map(laidComment), ...blocks])
}

const laidComment = (text: string): LaidComment => ({ kind: 'comment', text: `# ${text}`, isApart: false })

const laidBlock = ({ keyword, name, properties }: WrittenBlock, comments: readonly string[]): LaidBlock => ({
  kind: 'block',
  head: `${keyword} ${name}`,
  isExpectation: keyword === 'expect',
  properties: [...comments.map(laidComment), ...properties.map(laidProperty)],
})

const laidProperty = ({ key, values }: WrittenProperty): LaidProperty => ({
  kind: 'property',
  key,
  pieces: values.map((text, index) => ({
    text,
    separator: index === values.length - 1 ? '' : key === 'condition' ? ' and' : ',',
    endsLine: false,
    comments: [],
  })),
})

/** The YAML form of a policy. */
export function printPolicyYaml(policy: Policy): string {
  const document: Record<string, unknown> = {}
  const items = new Map<string, unknown[]>()
  for (const { keyword, name, properties } of writtenBlocks(policy)) {
    const written = properties.map(({ key, values }) => [key, values.length === 1 ? values[0] : values])
    if (keyword === 'policy') {
      Object.assign(document, { policy: name }, Object.fromEntries(written))
      continue
    }
    const { section, name: nameKey } = sections[keyword]
    const list = items.get(section) ?? []
    list.push({ [nameKey]: name, ...Object.fromEntries(written) })
    items.set(section, list)
  }
  return stringify({ ...document, ...Object.fromEntries(items) }, { lineWidth: 0 })
}
