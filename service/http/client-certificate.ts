import type { TLSSocket } from 'node:tls'
import type { TlsConfig } from './web-config.ts'

/** The properties of a connection that its certificate check needs. */
export type PresentedCertificate = Pick<TLSSocket, 'authorized'> & {
  getPeerCertificate(): { readonly subjectaltname?: string }
}

/** Why this connection is refused; undefined if it is admitted. */
export function certificateRefusal(socket: PresentedCertificate, tls: TlsConfig): string | undefined {
  const { client_auth_type: type, client_allowed_sans: allowed } = tls
  const certificate = socket.getPeerCertificate()
  const given = Object.keys(certificate ?? {}).length > 0
  if (type.startsWith('Require') && !given) return 'no client certificate was presented'
  if (given && type.includes('Verify') && !socket.authorized)
    return 'the client certificate is not signed by a trusted authority'
  if (allowed === undefined) return undefined
  const names = subjectAlternativeNames(certificate.subjectaltname ?? '')
  return names.some(name => allowed.includes(name)) ? undefined : 'no name of the client certificate is allowed'
}

const NAME = /^(?:DNS|email|IP Address|URI):(.*)$/s

/**
 * The names of a certificate, from Node's `subjectaltname` (`DNS:a.example, URI:spiffe://b`); kinds that cannot be
 * allowed are left out. A name with special characters is a JSON string in it (CVE-2021-44532).
 */
export function subjectAlternativeNames(text: string): string[] {
  return splitOutsideQuotes(text).flatMap(entry => {
    const name = NAME.exec(entry)?.[1]
    if (name === undefined) return []
    return [name.startsWith('"') ? String(JSON.parse(name)) : name]
  })
}

function splitOutsideQuotes(text: string): string[] {
  return text.match(/(?:"(?:[^"\\]|\\.)*"|[^",])+/g)?.map(entry => entry.trimStart()) ?? []
}
