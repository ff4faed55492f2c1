import { dirname, resolve } from 'node:path'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { parseConfig } from '../../core/config/parse.ts'
import { configOrThrow } from '../../core/config/problem.ts'
import { ClawtrustError, failureReason } from '../../core/errors.ts'
import { fileTrouble, readRegularFile } from '../files/regular-file.ts'
import { type TlsConfig, type WebConfig, webConfigSchema } from './web-config.ts'

/** A web configuration and the files that it names, as of the time of reading. */
export interface LoadedWebConfig {
  readonly config: WebConfig
  readonly tls?: LoadedTls
  /** The configuration and every file that it names. */
  readonly files: readonly string[]
}

export interface LoadedTls {
  readonly config: TlsConfig
  readonly context: SecureContextOptions
}

/** Without a file: plain HTTP without authentication. */
export const openWebConfig: LoadedWebConfig = { config: webConfigSchema.parse({}), files: [] }

/**
 * Reads the web configuration and its certificates; paths in it are resolved against its folder. Throws CONFIG_* with a
 * message that says what is wrong.
 */
export async function loadWebConfig(file: string): Promise<LoadedWebConfig> {
  const text = await readText(file, 'the web configuration')
  const config = withPaths(configOrThrow(parseConfig(webConfigSchema, text, file)), dirname(file))
  const tls = config.tls_server_config
  if (tls === undefined) return { config, files: [file] }
  const files = [file, tls.cert_file, tls.key_file, tls.client_ca_file].filter(path => path !== undefined)
  return { config, files, tls: { config: tls, context: await readContext(tls, file) } }
}

function withPaths(config: WebConfig, folder: string): WebConfig {
  const tls = config.tls_server_config
  if (tls === undefined) return config
  const { cert_file, key_file, client_ca_file } = tls
  return {
    ...config,
    tls_server_config: {
      ...tls,
      cert_file: resolve(folder, cert_file),
      key_file: resolve(folder, key_file),
      ...(client_ca_file === undefined ? {} : { client_ca_file: resolve(folder, client_ca_file) }),
    },
  }
}

async function readContext(tls: TlsConfig, file: string): Promise<SecureContextOptions> {
  const context: SecureContextOptions = {
    cert: await readText(tls.cert_file, `cert_file of ${file}`),
    key: await readText(tls.key_file, `key_file of ${file}`),
    minVersion: tls.min_version === 'TLS13' ? 'TLSv1.3' : 'TLSv1.2',
    ...(tls.client_ca_file && { ca: await readText(tls.client_ca_file, `client_ca_file of ${file}`) }),
  }
  try {
    createSecureContext(context)
  } catch (cause) {
    throw new ClawtrustError(
      'CONFIG_INVALID',
      `${file}: tls_server_config: certificate, key and authorities do not match (${failureReason(cause)}); check the files`,
      { cause },
    )
  }
  return context
}

async function readText(path: string, what: string): Promise<string> {
  try {
    return await readRegularFile(path)
  } catch (cause) {
    throw new ClawtrustError('CONFIG_UNREADABLE', `${path}, ${what}, ${fileTrouble(cause)}`, { cause })
  }
}
