import { readFileSync } from 'node:fs'

/** A kind of objects that a cluster gets by a definition. */
export interface CustomKind {
  readonly kind: string
  readonly group: string
  readonly version: string
  readonly plural: string
  /** Its published JSON schema. */
  readonly file: string
}

export const customKinds: readonly CustomKind[] = [
  {
    kind: 'CiliumNetworkPolicy',
    group: 'cilium.io',
    version: 'v2',
    plural: 'ciliumnetworkpolicies',
    file: 'ciliumnetworkpolicy_v2.json',
  },
  {
    kind: 'NetworkPolicy',
    group: 'projectcalico.org',
    version: 'v3',
    plural: 'networkpolicies',
    file: 'networkpolicy_v3.json',
  },
  {
    kind: 'StagedNetworkPolicy',
    group: 'projectcalico.org',
    version: 'v3',
    plural: 'stagednetworkpolicies',
    file: 'stagednetworkpolicy_v3.json',
  },
]

/** The definition of a kind, from its published schema. */
export function definitionOf({ kind, group, version, plural }: CustomKind, schemaFile: string): object {
  const schema = JSON.parse(readFileSync(schemaFile, 'utf8'), (key, value) => {
    // A definition says by the absence of `x-kubernetes-preserve-unknown-fields` that there are no other keys.
    return key === 'additionalProperties' && value === false ? undefined : value
  })
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      // The server asks for it where a group is one of Kubernetes.
      annotations: { 'api-approved.kubernetes.io': 'unapproved, test' },
    },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      scope: 'Namespaced',
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  }
}
