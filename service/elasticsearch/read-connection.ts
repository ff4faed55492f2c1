import type { ElasticsearchSettings } from '../../core/config/elasticsearch.ts'
import type { Secret } from '../../core/secret.ts'
import { readCertificatePair, readCertificates } from '../secrets/read-certificate.ts'
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
  const ca = await readCertificates(`${section}ca_file`, settings.ca_file)
  const clientCertificate = await readCertificatePair(section, settings)
  return {
    nodes,
    requestTimeout: request_timeout,
    ...(cloud_id === undefined ? {} : { cloudId: cloud_id }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { ca }),
    ...(ca_fingerprint === undefined ? {} : { caFingerprint: ca_fingerprint }),
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
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
