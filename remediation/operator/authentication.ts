import type { Secret } from '../../core/secret.ts'
import { type Client, isProvenHolder } from '../../service/http/client.ts'
import { type Headers, hasBearerToken } from '../intake/authentication.ts'

export interface OperatorAccess {
  readonly token: Secret | undefined
  /** True while the web configuration lets in only who shows who they are. */
  readonly signedIn: boolean
}

export interface Refusal {
  readonly status: 401 | 403
  readonly sentence: string
}

/** True where the request is to be judged by its token, not by a user of the web configuration. */
export function isByToken(headers: Headers, { token }: OperatorAccess): boolean {
  return token !== undefined && /^bearer /i.test(String(headers.authorization ?? ''))
}

export const hasShownToken = (headers: Headers, { token }: OperatorAccess): boolean =>
  token !== undefined && hasBearerToken(headers, token)

/** Why a command is not taken; one that got here has passed the web configuration, unless it is judged by its token. */
export function operatorRefusal(headers: Headers, access: OperatorAccess): Refusal | undefined {
  const { token, signedIn } = access
  if (token !== undefined && isByToken(headers, access)) {
    return hasShownToken(headers, access) ? undefined : { status: 401, sentence: 'The bearer token is wrong.' }
  }
  if (signedIn) return undefined
  if (token !== undefined) return { status: 401, sentence: 'The bearer token is missing.' }
  const sentence =
    'Commands over HTTP need authentication: set remediation.operator.bearer_token_file, or users or client certificates in the ' +
    'web configuration, or use the command line.'
  return { status: 403, sentence }
}

/**
 * True where commands of this client are taken without the token of `remediation.operator`, which no page sends. The
 * client has passed the web configuration.
 *
 * @param signedIn true while the web configuration lets in only who shows who they are
 */
export function mayCommand(client: Client, signedIn: boolean): boolean {
  if (isProvenHolder(client, 'command')) return true
  return signedIn && (client.roles === undefined || client.roles.includes('command'))
}

/** Who gave a command, for the audit trail. */
export function operatorName({ user }: Client, address: string, certificate: string | undefined): string {
  return `${user ?? certificate ?? 'operator'} from ${address}`
}
