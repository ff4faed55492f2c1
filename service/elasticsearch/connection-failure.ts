import type { ErrorCode } from '../../core/error-catalogue.ts'
import { failureCode } from '../../core/errors.ts'
import { foreignWords } from '../http-client/foreign-words.ts'

/** A failure in words for the user. */
export interface Account {
  readonly code: ErrorCode
  readonly sentence: string
}

/** How a connection fails: what the client's message says of it, and the sentence. The first that matches applies. */
interface Cause {
  readonly message: RegExp
  /** Only for addresses that begin so. */
  readonly scheme?: 'http:' | 'https:'
  readonly code: Account['code']
  readonly sentence: (at: Occasion) => string
}

interface Occasion {
  readonly address: string
  /** The words of Node, OpenSSL or undici that may be shown. */
  readonly reason: string
  /** The whole message, which may quote a header. */
  readonly message: string
}

const untrusted =
  (what: (at: Occasion) => string) =>
  (at: Occasion): string =>
    `the certificate of ${at.address} is not trusted: ${what(at)}`

const unreachable =
  (what: string) =>
  ({ address, reason }: Occasion): string =>
    `${address} cannot be reached (${reason}): ${what}`

const SCHEME = 'check whether the address must start with https:// or http://'

const causes: readonly Cause[] = [
  {
    // A server ends the handshake because a certificate is missing: by an alert, or, since TLS 1.3, by closing.
    message: /alert (?:certificate required|bad certificate|handshake failure|unknown ca)/i,
    code: 'ELASTICSEARCH_UNREACHABLE',
    sentence: closes,
  },
  {
    message: /other side closed|socket hang up/i,
    scheme: 'https:',
    code: 'ELASTICSEARCH_UNREACHABLE',
    sentence: closes,
  },
  {
    message: /fingerprint does not match|fingerprint\b.*mismatch/i,
    code: 'ELASTICSEARCH_UNTRUSTED',
    sentence: untrusted(
      () =>
        'the authority that signed it does not have the fingerprint in ca_fingerprint. Set ca_fingerprint to that of the authority, not of the server (openssl x509 -noout -fingerprint -sha256 -in CA_FILE); if it was right before, another server may have answered',
    ),
  },
  {
    message: /certificate has expired|CERT_HAS_EXPIRED/i,
    code: 'ELASTICSEARCH_UNTRUSTED',
    sentence: untrusted(() => 'it has expired; renew it on the server, or correct the clock of this machine'),
  },
  {
    message: /certificate is not yet valid|CERT_NOT_YET_VALID/i,
    code: 'ELASTICSEARCH_UNTRUSTED',
    sentence: untrusted(
      () => 'it is not yet valid; correct the clock of this machine, or that of the machine that issued it',
    ),
  },
  {
    message: /altnames|ERR_TLS_CERT_ALTNAME_INVALID/i,
    code: 'ELASTICSEARCH_UNTRUSTED',
    sentence: untrusted(
      ({ message }) =>
        `it is valid for ${namesOf(message)} and not for this host; use a host name of the certificate, or issue it for this one`,
    ),
  },
  {
    message: /wrong version number|packet length too long|ERR_SSL_WRONG_VERSION_NUMBER/i,
    code: 'ELASTICSEARCH_UNREACHABLE',
    sentence: unreachable(`the server at that port does not speak TLS; ${SCHEME}, and the port`),
  },
  {
    message: /certificate|CERT|UNABLE_TO_|ERR_TLS|self.signed/i,
    code: 'ELASTICSEARCH_UNTRUSTED',
    sentence: ({ address, reason }) =>
      `the certificate of ${address} is not trusted (${reason}): no trusted authority signed it; set ca_file to the authority that signed it (Elasticsearch creates it as config/certs/http_ca.crt)`,
  },
  {
    message: /other side closed|socket hang up/i,
    code: 'ELASTICSEARCH_UNREACHABLE',
    sentence: unreachable(`the server closes the connection, as a port with TLS does; ${SCHEME}`),
  },
  {
    message: /does not match the HTTP|HPE_|Parse Error/i,
    code: 'ELASTICSEARCH_UNREACHABLE',
    sentence: unreachable(
      'the server at that port does not speak HTTP; correct the port (9200 by default; 9300 is that of the nodes among each other)',
    ),
  },
  {
    message: /ENOTFOUND|EAI_AGAIN/,
    code: 'ELASTICSEARCH_UNREACHABLE',
    sentence: unreachable('the host name cannot be resolved; correct it, or check DNS on this machine'),
  },
  {
    message: /ECONNREFUSED/,
    code: 'ELASTICSEARCH_UNREACHABLE',
    sentence: unreachable('nothing listens there; start Elasticsearch, or check address, port and network'),
  },
  {
    message: /EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/,
    code: 'ELASTICSEARCH_UNREACHABLE',
    sentence: unreachable('no packet arrives there; check address, port and network, and the firewalls between'),
  },
]

function closes({ address, reason }: Occasion): string {
  return `${address} closes the connection (${reason}); if it requires a client certificate, set client_cert_file and client_key_file to a certificate that it trusts`
}

/** The names in a certificate, as Node lists them. */
function namesOf(message: string): string {
  const listed = /is not (?:in the cert's (?:altnames|list)|cert's CN): (.*?)(?: - Local:|$)/.exec(message)?.[1] ?? ''
  const names = foreignWords(listed.replace(/\b(?:DNS|IP Address):/g, ''), 200)
  return names === '' ? 'other names' : names
}

/** The message of the client's agent if the proxy responds with a status other than 200. */
const BY_PROXY = /^Bad response: (\d{3})$/

/** What Node, OpenSSL and undici say of a connection. Anything else may quote a header. */
const CONNECTION_WORDS =
  /\b(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|EACCES)\b|self-signed certificate(?: in certificate chain)?|unable to (?:verify the first|get local issuer|get issuer) certificate|certificate (?:has expired|is not yet valid|required|unknown)|(?:bad|no) certificate|does not match certificate's altnames|fingerprint does not match|handshake failure|unknown ca|wrong version number|packet length too long|other side closed|socket hang up|Connection closed while reading the body|does not match the HTTP/i

/** Why there is no connection, and what to do. */
export function connectionFailure(failure: Error, address: string): Account {
  const { message } = failure
  const proxy = BY_PROXY.exec(message)?.[1]
  if (proxy !== undefined) return { code: 'ELASTICSEARCH_PROXY', sentence: proxySentence(proxy, address) }
  const reason = CONNECTION_WORDS.exec(message)?.[0] ?? failureCode(failure) ?? 'connection failed'
  const found = causes.find(
    cause => cause.message.test(message) && (cause.scheme === undefined || address.startsWith(cause.scheme)),
  )
  const { code, sentence } = found ?? {
    code: 'ELASTICSEARCH_UNREACHABLE',
    sentence: unreachable('check address, port and network'),
  }
  return { code, sentence: sentence({ address, reason, message }) }
}

function proxySentence(status: string, address: string): string {
  const what =
    status === '407'
      ? 'refuses the credentials (407); check proxy_username and proxy_password'
      : `does not connect to it (${status}); allow tunnels (CONNECT) to that address, or correct proxy`
  return `the proxy for ${address} ${what}`
}
