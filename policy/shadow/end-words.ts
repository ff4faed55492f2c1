import type { AccessEnd } from '../model/request.ts'

/** Labels by which people know a workload, the best first. */
const NAMES = ['io.cilium.k8s.policy.serviceaccount', 'app.kubernetes.io/name', 'k8s-app', 'app']

/** One end of a flow in a few words: its identity with its namespace, a name, or its address. Data of others. */
export function endWords(end: AccessEnd): string {
  const { address, namespace, names } = end
  const identity = identityOf(end)
  if (identity !== undefined) return namespace === undefined ? identity : `${namespace}/${identity}`
  if (names?.[0] !== undefined) return names[0]
  if (namespace !== undefined) return address === undefined ? namespace : `${namespace}/${address}`
  return address ?? 'unknown'
}

function identityOf({ identity, service, workloadLabels = {} }: AccessEnd): string | undefined {
  const label = NAMES.map(name => workloadLabels[name]).find(value => typeof value === 'string' && value !== '')
  return identity ?? label ?? service
}
