import { createPrivateKey, X509Certificate } from 'node:crypto'
import { ClawtrustError, Fault, failureReason } from '../../core/errors.ts'
import { fileTrouble, readRegularFile } from '../files/regular-file.ts'

/** A client certificate and its private key, both PEM. */
export interface CertificatePair {
  readonly certificate: string
  readonly key: string
}

/**
 * A PEM file with certificates; undefined without a path.
 *
 * @param key the key of the configuration, for the message
 * @throws ClawtrustError SECRET_UNREADABLE where the file cannot be read or holds none
 */
export const readCertificates = (key: string, path: string | undefined): Promise<string | undefined> =>
  pem(key, path, checkCertificates)

/**
 * A client certificate and its key; undefined unless both are given.
 *
 * @param section what precedes the keys `client_cert_file` and `client_key_file` in an error
 */
export async function readCertificatePair(
  section: string,
  { client_cert_file, client_key_file }: { readonly client_cert_file?: string; readonly client_key_file?: string },
): Promise<CertificatePair | undefined> {
  const keyName = `${section}client_key_file`
  const certificate = await readCertificates(`${section}client_cert_file`, client_cert_file)
  const key = await pem(keyName, client_key_file, checkKey)
  if (certificate === undefined || key === undefined) return undefined
  if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)))
    throw unreadable(keyName, `${client_key_file} does not belong to the certificate in client_cert_file`)
  return { certificate, key }
}

async function pem(key: string, path: string | undefined, check: (text: string) => void): Promise<string | undefined> {
  if (path === undefined) return undefined
  const text = await readRegularFile(path).catch(cause => {
    throw unreadable(key, `${path} ${fileTrouble(cause)}`, cause)
  })
  try {
    check(text)
    return text
  } catch (cause) {
    throw unreadable(key, `${path} cannot be used (${failureReason(cause)}); is this the right file?`, cause)
  }
}

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

function checkCertificates(text: string): void {
  const found = text.match(CERTIFICATES)
  if (found === null) throw new Fault('it contains no PEM certificate')
  for (const certificate of found) new X509Certificate(certificate)
}

function checkKey(text: string): void {
  if (!text.includes('PRIVATE KEY-----')) throw new Fault('it contains no PEM private key')
  createPrivateKey(text)
}

function unreadable(key: string, what: string, cause?: unknown): ClawtrustError {
  return new ClawtrustError('SECRET_UNREADABLE', `${key}: ${what}`, { cause, recoverable: true, key })
}
