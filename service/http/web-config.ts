import { z } from 'zod'
import { duration, path, text, wholeNumber } from '../../core/config/schema.ts'

/** Which clients must present a certificate, in the terms of Go's crypto/tls. */
export const clientAuthTypes = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const
export type ClientAuthType = (typeof clientAuthTypes)[number]

const VERIFYING: readonly ClientAuthType[] = ['VerifyClientCertIfGiven', 'RequireAndVerifyClientCert']
const REQUIRING: readonly ClientAuthType[] = ['RequireAnyClientCert', 'RequireAndVerifyClientCert']

const tlsSchema = z
  .strictObject({
    cert_file: path().describe('Certificate of the server, PEM, followed by the intermediate certificates.'),
    key_file: path().describe('Its private key, PEM.'),
    client_auth_type: z.enum(clientAuthTypes).prefault('NoClientCert').describe('Policy for client certificates.'),
    client_ca_file: path().optional().describe('Authorities that must have signed client certificates, PEM.'),
    client_allowed_sans: z
      .array(text())
      .min(1)
      .optional()
      .describe('Subject alternative names (DNS, IP, e-mail, URI), one of which a client certificate must have.'),
    min_version: z.enum(['TLS12', 'TLS13']).prefault('TLS12').describe('Minimum TLS version.'),
  })
  .superRefine((tls, context) => {
    const complain = (key: keyof typeof tls, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message })
    const type = tls.client_auth_type
    if (VERIFYING.includes(type) && tls.client_ca_file === undefined) {
      complain('client_auth_type', `is ${type}, which requires client_ca_file; set it`)
    }
    if (!VERIFYING.includes(type) && tls.client_ca_file !== undefined) {
      complain('client_ca_file', `has no effect with client_auth_type ${type}; use RequireAndVerifyClientCert`)
    }
    if (!REQUIRING.includes(type) && tls.client_allowed_sans !== undefined) {
      complain('client_allowed_sans', `requires client_auth_type RequireAndVerifyClientCert`)
    }
  })

const header = () =>
  z
    .string()
    .regex(/^[\t\x20-\x7e]*$/)
    .meta({ expects: 'printable text', placeholder: '<text>' })

const headersSchema = z.strictObject({
  'Content-Security-Policy': header().optional(),
  'X-Frame-Options': z.enum(['', 'deny', 'sameorigin']).optional(),
  'X-Content-Type-Options': z.enum(['', 'nosniff']).optional(),
  'X-XSS-Protection': header().optional(),
  'Strict-Transport-Security': header().optional(),
})

const bcryptHash = () =>
  z
    .string()
    .regex(/^\$2[aby]\$(0[4-9]|1[0-9])\$[./A-Za-z0-9]{53}$/)
    .meta({
      expects: 'a bcrypt hash of cost 4 to 19, as created by htpasswd -nBC 10',
      placeholder: '<secret>',
      secret: true,
    })

/** `--web.config.file`, with the keys of the Prometheus exporter-toolkit's web configuration. */
export const webConfigSchema = z.strictObject({
  tls_server_config: tlsSchema.optional().describe('TLS; without it, plain HTTP.'),
  http_server_config: z
    .strictObject({
      http2: z.boolean().prefault(false).describe('Accepted for compatibility; HTTP/1.1 is used in either case.'),
      headers: headersSchema.prefault({}).describe('Headers of every response; an empty one is omitted.'),
    })
    .prefault({}),
  basic_auth_users: z
    .record(z.string().min(1), bcryptHash())
    .prefault({})
    .describe('User names and bcrypt hashes of their passwords.'),
  rate_limit: z
    .strictObject({
      interval: duration(0, 86_400_000).prefault('0').describe('Time between two requests; 0 is no limit.'),
      burst: wholeNumber(0, 1_000_000).prefault(0).describe('Size of a burst of requests.'),
    })
    .prefault({})
    .describe('A token bucket for all requests together; excess requests are answered 429.'),
})

export type WebConfig = z.output<typeof webConfigSchema>
export type TlsConfig = z.output<typeof tlsSchema>

/** True if a client certificate that is presented is verified. */
export function verifiesCertificates({ tls_server_config }: WebConfig): boolean {
  return tls_server_config !== undefined && VERIFYING.includes(tls_server_config.client_auth_type)
}

/** True if every client needs a password or a certificate of a known authority. */
export function isAuthenticated({ basic_auth_users, tls_server_config }: WebConfig): boolean {
  const certified = tls_server_config?.client_auth_type === 'RequireAndVerifyClientCert'
  return certified || Object.keys(basic_auth_users).length > 0
}
