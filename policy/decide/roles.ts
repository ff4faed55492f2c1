import type { PolicyAnswer } from '../../core/labels/policy.ts'
import type { ResolvedPolicy } from '../language/resolved.ts'
import type { AccessRequest, RequestPart } from '../model/request.ts'
import { createConditionCompiler } from './conditions.ts'
import { EndView } from './end-view.ts'
import { createNetworkClasses, networkOf } from './network-classes.ts'
import { identityTest } from './terms.ts'
import { FALSE, partsOf, TRUE, unknownWithout } from './truth.ts'

/** What an identity asks to do. What is absent is unknown. */
export interface RoleRequest extends Pick<AccessRequest, 'devicePosture' | 'time' | 'isMutuallyAuthenticated'> {
  readonly identity?: string
  /** `read:logs` */
  readonly scope: string
  /** Of the identity. */
  readonly address?: string
}

export interface RoleDecision {
  readonly answer: PolicyAnswer
  /** The role of the identity; absent where it has none, or where the identity is unknown. */
  readonly role?: string
  /** Of `unknown`: what the answer depends on. */
  readonly missing: readonly RequestPart[]
}

const WITHOUT_IDENTITY = unknownWithout('source.identity')

/** Decides by the roles of a policy: an identity has the first role that names it, and no other. */
export function createRoleEvaluator({ roles, timeZone }: Pick<ResolvedPolicy, 'roles' | 'timeZone'>) {
  const compileConditions = createConditionCompiler(timeZone)
  const networks = roles.flatMap(({ conditions }) =>
    conditions.flatMap(one => (one.kind === 'network' ? one.networks.map(cidr => networkOf(cidr).text) : [])),
  )
  const source = new EndView('source', 0, createNetworkClasses(networks))
  const compiled = roles.map(({ name, identities, scopes, conditions }) => {
    const [named, held] = [identities.map(identityTest), scopes.map(identityTest)]
    return {
      name,
      names: (identity: string) => named.some(test => test(identity)),
      allows: (scope: string) => held.some(test => test(scope)),
      conditions: compileConditions(conditions),
    }
  })

  return ({ identity, scope, address, ...circumstances }: RoleRequest): RoleDecision => {
    if (identity === undefined) {
      const mayAllow = compiled.some(one => one.allows(scope))
      return mayAllow ? { answer: 'unknown', missing: partsOf(WITHOUT_IDENTITY) } : { answer: 'deny', missing: [] }
    }
    const role = compiled.find(one => one.names(identity))
    if (role === undefined) return { answer: 'deny', missing: [] }
    if (!role.allows(scope)) return { answer: 'deny', role: role.name, missing: [] }
    const end = address === undefined ? { identity } : { identity, address }
    source.read(end)
    const truth = role.conditions({ source: end, destination: {}, ...circumstances }, source)
    if (truth === TRUE) return { answer: 'allow', role: role.name, missing: [] }
    if (truth === FALSE) return { answer: 'deny', role: role.name, missing: [] }
    return { answer: 'unknown', role: role.name, missing: partsOf(truth) }
  }
}
