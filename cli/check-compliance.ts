import { reportSenders } from '../compliance/delivery/senders.ts'
import { readPrometheusConnection } from '../compliance/evidence/prometheus-store.ts'
import { readSigningKey } from '../compliance/integrity/key-file.ts'
import { Fault } from '../core/errors.ts'
import { readConnection } from '../service/elasticsearch/read-connection.ts'
import { fileTrouble, openRegularFile } from '../service/files/regular-file.ts'
import type { PlacedConfig } from './config-file.ts'
import type { ConfigWarning } from './config-warnings.ts'
import { configuredCatalogue } from './report-config.ts'

/**
 * Reads every secret, certificate and key of section `compliance`, and then the catalogue, which takes longest. Rejects at the
 * first that cannot be used.
 *
 * @returns a warning where the PDF cannot be printed: reports are made without it
 */
export async function checkCompliance(
  placed: Pick<PlacedConfig, 'config' | 'placeOf'>,
  folder: string,
): Promise<readonly ConfigWarning[]> {
  const { elasticsearch, prometheus, destinations, signing_key_file: key, chromium } = placed.config.compliance
  if (elasticsearch !== undefined) await readConnection(elasticsearch, process.env, 'compliance.elasticsearch.')
  if (prometheus !== undefined) await readPrometheusConnection(prometheus, process.env, 'compliance.prometheus.')
  await reportSenders(destinations, { read: unread, environment: process.env, fetch })
  if (key !== undefined) await readSigningKey(key)
  await configuredCatalogue(placed, folder)
  if (chromium === undefined) return []
  try {
    await (await openRegularFile(chromium)).close()
    return []
  } catch (cause) {
    return [{ key: 'compliance.chromium', what: `${chromium} ${fileTrouble(cause)}; reports are made without PDF` }]
  }
}

const unread = async () => {
  throw new Fault('nothing is delivered by a check')
}
