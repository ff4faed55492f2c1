import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { ElasticsearchSettings } from '../../core/config/elasticsearch.ts'
import { ClawtrustError, Fault, failureReason } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import { fileTrouble, readRegularFile } from '../files/regular-file.ts'
import { readSecret, type SecretUse } from '../secrets/read-secret.ts'
import type { Connection, HttpProxy } from './connection.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The settings with every secret, certificate and key read from its file or variable. Called again after credentials
 * were refused, so that a replaced key takes effect without a restart. Rejects with SECRET_UNREADABLE.
 *
 * @param section what precedes its keys in an error, such as `exporter.sources[0].`
 */
export async function readConnection(
  settings: ElasticsearchSettings,
  environment: Environment,
  section = '',
): Promise<Omit<Connection, 'compatibility'>> {
  const { nodes = [], cloud_id, username, ca_fingerprint, request_timeout } = settings
  const apiKey = await secretOf(`${section}api_key`, settings.api_key, settings.api_key_file, environment, {
    inHeader: true,
  })
  const password = await secretOf(`${section}password`, settings.password, settings.password_file, environment)
  const proxy = await proxyOf(settings, environment, section)
  const ca = await pem(`${section}ca_file`, settings.ca_file, checkCertificates)
  const certificate = await pem(`${section}client_cert_file`, settings.client_cert_file, checkCertificates)
  const key = await pem(`${section}client_key_file`, settings.client_key_file, checkKey)
  if (certificate !== undefined && key !== undefined)
    checkPair(`${section}client_key_file`, settings.client_key_file ?? '', certificate, key)
  return {
    nodes,
    requestTimeout: request_timeout,
    ...(cloud_id === undefined ? {} : { cloudId: cloud_id }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { ca }),
    ...(ca_fingerprint === undefined ? {} : { caFingerprint: ca_fingerprint }),
    ...(certificate === undefined || key === undefined ? {} : { clientCertificate: { certificate, key } }),
    ...(proxy === undefined ? {} : { proxy }),
  }
}

async function proxyOf(
  settings: ElasticsearchSettings,
  environment: Environment,
  section: string,
): Promise<HttpProxy | undefined> {
  const { proxy: url, proxy_username: username, proxy_password, proxy_password_file } = settings
  if (url === undefined) return undefined
  const password = await secretOf(`${section}proxy_password`, proxy_password, proxy_password_file, environment)
  return { url, ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) }
}

function secretOf(
  key: string,
  inline: Secret | undefined,
  file: string | undefined,
  environment: Environment,
  use: SecretUse = {},
) {
  const written = { ...(inline === undefined ? {} : { inline }), ...(file === undefined ? {} : { file }) }
  return readSecret(key, written, environment, use)
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

function checkPair(keyName: string, path: string, certificate: string, key: string): void {
  if (new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) return
  throw unreadable(keyName, `${path} does not belong to the certificate in client_cert_file`)
}

function unreadable(key: string, what: string, cause?: unknown): ClawtrustError {
  return new ClawtrustError('SECRET_UNREADABLE', `${key}: ${what}`, { cause, recoverable: true, key })
}
