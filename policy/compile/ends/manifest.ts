import { stringify } from 'yaml'
import { Fault } from '../../../core/errors.ts'
import type { ResolvedPolicy } from '../../language/resolved.ts'
import type { CompileOptions, Loss, Target } from '../contract/target.ts'
import { commentText, objectName } from './object-names.ts'

/** The comment at the head of a compiled policy: what it is, what it assumes, and what it does not express. */
export function headOf(
  policy: ResolvedPolicy,
  target: Pick<Target, 'title' | 'assumes' | 'staged'>,
  { isStaged }: Pick<CompileOptions, 'isStaged'>,
  losses: readonly Loss[],
): string {
  const lines = [
    `Policy ${policy.name}, compiled for ${target.title}.`,
    ...(isStaged && target.staged !== undefined ? [`Staged: ${target.staged}`] : []),
    ...target.assumes,
    ...losses.map(({ rule, direction, message }) => `Loss (${direction}), rule ${rule}: ${message}.`),
  ]
  return lines.map(line => `# ${commentText(line)}\n`).join('')
}

/** What a network policy is written as. */
export interface KubernetesObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: Metadata
  readonly spec?: object
  /** Of Cilium. */
  readonly specs?: readonly object[]
}

export type Metadata = ReturnType<typeof metadataOf>

/**
 * Objects of Kubernetes of one kind as one YAML stream.
 *
 * @throws Fault where two have the same name, of which the later one would replace the other
 */
export function manifest(head: string, objects: readonly KubernetesObject[]): string {
  const names = new Set<string>()
  for (const { metadata } of objects) {
    if (names.has(metadata.name)) {
      throw new Fault(
        `Two rules would have the object ${metadata.name}; give one of them a name of lower-case letters.`,
      )
    }
    names.add(metadata.name)
  }
  return objects
    .map(
      (object, index) =>
        `${index === 0 ? head : ''}---\n${stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })}`,
    )
    .join('')
}

const RULE_ANNOTATION = 'clawtrust.io/rule'
/** Parts of the name of the object that denies what no other one allows: the objects of rules have one part, or three. */
export const DEFAULT_DENY = ['default', 'deny'] as const
const POLICY_LABEL = 'clawtrust.io/policy'

/**
 * The metadata of an object.
 *
 * @param parts of its name, after the name of the policy
 * @param rule the rule that it is of; undefined for the default deny
 */
export const metadataOf = (
  { name }: ResolvedPolicy,
  { namespace }: Pick<CompileOptions, 'namespace'>,
  parts: readonly string[],
  rule?: string,
) => ({
  name: objectName(name, ...parts),
  namespace,
  labels: { 'app.kubernetes.io/managed-by': 'clawtrust', [POLICY_LABEL]: objectName(name) },
  ...(rule === undefined ? {} : { annotations: { [RULE_ANNOTATION]: rule } }),
})
