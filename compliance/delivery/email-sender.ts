import { createTransport } from 'nodemailer'
import type { Secret } from '../../core/secret.ts'
import { foreignWords } from '../../service/http-client/foreign-words.ts'
import { reportText } from './message.ts'
import type { SendParcel } from './sending.ts'

export interface EmailSettings {
  readonly host: string
  readonly port: number
  /** `implicit`: TLS from the first byte (port 465). `starttls`: required after the greeting. `none`: a server of this host. */
  readonly tls: 'implicit' | 'starttls' | 'none'
  /** PEM of the authority that signed the server's certificate. Default: those of Node.js. */
  readonly ca: string | undefined
  readonly username: string | undefined
  readonly password: Secret | undefined
  readonly from: string
  readonly to: readonly string[]
  /** Files of the report that are attached, by their names. */
  readonly attach: readonly string[]
  /** Milliseconds. */
  readonly timeout: number
}

const MAX_WORDS = 200

/** A mail that a server takes for one of the recipients only is no delivery to the others. */
export function emailSender(settings: EmailSettings): SendParcel {
  const { host, port, tls, ca, username, password, timeout } = settings
  const secrets = secretsOf(username ?? '', password?.reveal() ?? '')
  return async ({ report, manifest, files }, delivery, signal) => {
    const attached = await files(settings.attach)
    const missing = settings.attach.filter(file => attached.every(({ name }) => name !== file))
    const transport = createTransport({
      host,
      port,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
      ...(username === undefined ? {} : { auth: { user: username, pass: password?.reveal() ?? '' } }),
      connectionTimeout: timeout,
      greetingTimeout: timeout,
      socketTimeout: timeout,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    try {
      const { subject, text } = reportText(report, manifest, missing)
      const { rejected, rejectedErrors = [] } = await transport.sendMail({
        signal,
        from: settings.from,
        to: [...settings.to],
        subject: oneLine(subject),
        text,
        // The same for every attempt, so that a mail that is sent twice can be recognised.
        messageId: `<${report.id}.${delivery.destination.replaceAll(/[^\w-]/g, '_')}@clawtrust>`,
        date: new Date(report.generatedAt),
        attachments: attached.map(({ name, mediaType, bytes }) => ({
          filename: `${report.period.name}-${name}`,
          contentType: mediaType,
          content: Buffer.from(bytes),
        })),
      })
      if (rejected.length > 0) {
        // Those that have it may get it twice, with the same Message-ID.
        const retryable = rejectedErrors.some(error => codeOf(error) < 500)
        return {
          ok: false,
          retryable,
          detail: `the server refused ${rejected.length} of ${settings.to.length} recipients`,
        }
      }
      return { ok: true, retryable: false, detail: `sent to ${settings.to.length} recipients` }
    } catch (error) {
      return failureOf(error, secrets)
    } finally {
      transport.close()
    }
  }
}

const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')

/** In every form in which they are sent. */
function secretsOf(username: string, password: string): readonly string[] {
  if (password === '') return []
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  return [password, base64(password), base64(`\0${username}\0${password}`)]
}

/** Of an answer of the server; 500 without one. */
const codeOf = (error: unknown): number => {
  const { responseCode } = error as { responseCode?: unknown }
  return typeof responseCode === 'number' ? responseCode : 500
}

/** The server's own words may quote what it refuses. A code of 5xx is for good (RFC 5321, 4.2.1). */
function failureOf(error: unknown, secrets: readonly string[]) {
  const { responseCode, response, code } = error as { responseCode?: unknown; response?: unknown; code?: unknown }
  if (typeof responseCode === 'number') {
    const words = typeof response === 'string' ? foreignWords(response, MAX_WORDS, secrets) : ''
    return { ok: false, retryable: responseCode < 500, detail: `answered ${responseCode}${words && `: ${words}`}` }
  }
  const why = typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? code : 'the connection failed'
  return { ok: false, retryable: true, detail: `the mail server cannot be used: ${why}` }
}
