import { calico } from './calico/target.ts'
import { cilium } from './cilium/target.ts'
import type { Target } from './contract/target.ts'
import { objectName } from './ends/object-names.ts'
import { kubernetes } from './kubernetes/target.ts'
import { nftables } from './nftables/target.ts'

/** Every target, in the order of documentation. */
export const targets: readonly Target[] = [cilium, calico, kubernetes, nftables]

/** A target as it is asked for by name. */
export interface TargetForm {
  readonly name: string
  readonly target: Target
  readonly isStaged: boolean
}

/** Every target, and the staged form of those that have one. */
export const targetForms: readonly TargetForm[] = targets.flatMap(target => [
  { name: target.name, target, isStaged: false },
  ...(target.staged === undefined ? [] : [{ name: `${target.name}-staged`, target, isStaged: true }]),
])

/** The name of the file of what a policy is compiled to: `agents.openclaw.cilium.yaml`. */
export const resultName = ({ name, target }: TargetForm, policy: string, namespace: string): string =>
  [objectName(policy), ...(target.isNamespaced ? [namespace] : []), name, target.extension].join('.')
