import { type RemediationSecrets, readSecrets } from '../remediation/secrets.ts'
import { readConnection } from '../service/elasticsearch/read-connection.ts'
import type { Config } from './config-schema.ts'

/**
 * Reads every secret and certificate that a source names. Rejects with SECRET_UNREADABLE at the first one that cannot
 * be used.
 */
export async function checkConnections({ exporter }: Config): Promise<void> {
  for (const source of exporter.sources) {
    if (source.type === 'elasticsearch') await readConnection(source, process.env)
  }
}

/** Reads every secret of section `remediation`. Rejects with SECRET_UNREADABLE at the first that cannot be used. */
export function checkRemediationSecrets({ remediation }: Config): Promise<RemediationSecrets> {
  return readSecrets(remediation, process.env)
}
