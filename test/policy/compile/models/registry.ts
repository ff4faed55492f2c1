import type { Target } from '../../../../policy/compile/contract/target.ts'
import { targets } from '../../../../policy/compile/registry.ts'
import { calicoModel } from './calico.ts'
import { ciliumModel } from './cilium.ts'
import type { ClusterModel } from './cluster.ts'
import { kubernetesModel } from './kubernetes.ts'

/** What a target is held to the evaluator by. */
type HeldBy =
  /** An independent model of what it documents, which reads the compiled text and nothing of the compiler. */
  | { readonly model: (text: string) => ClusterModel }
  /** A test in which the program itself decides. */
  | { readonly test: string }

export const heldBy: Readonly<Record<string, HeldBy>> = {
  cilium: { model: ciliumModel },
  calico: { model: calicoModel },
  kubernetes: { model: kubernetesModel },
  nftables: { test: 'test/stack/policy/nftables.test.ts' },
}

export interface Modelled {
  readonly target: Target
  readonly model: (text: string) => ClusterModel
}

/** The targets that have a model. */
export const modelled: readonly Modelled[] = targets.flatMap(target => {
  const by = heldBy[target.name]
  return by !== undefined && 'model' in by ? [{ target, model: by.model }] : []
})
