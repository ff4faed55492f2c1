import { stringify } from 'yaml'
import type { ResolvedPolicy } from '../../language/resolved.ts'
import type { CompileOptions, Loss, Target } from '../contract/target.ts'
import { commentText } from './object-names.ts'

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

/** Objects of Kubernetes as one YAML stream. */
export const manifest = (head: string, objects: readonly object[]): string =>
  objects
    .map(
      (object, index) =>
        `${index === 0 ? head : ''}---\n${stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })}`,
    )
    .join('')

export const RULE_ANNOTATION = 'clawtrust.io/rule'
export const POLICY_LABEL = 'clawtrust.io/policy'
