import type { Secret } from '../core/secret.ts'
import { type Destinations, readDestinations } from '../service/delivery/destinations.ts'
import { readSecret } from '../service/secrets/read-secret.ts'
import type { RemediationConfig } from './config.ts'
import type { HttpProviderConfig } from './enrichment/config.ts'
import type { ProviderKeys } from './enrichment/sources.ts'
import type { Credentials } from './intake/authentication.ts'
import { readCredentials } from './intake/credentials.ts'

/** Everything of the configuration that must not be shown, as it was when it was read. */
export interface RemediationSecrets {
  readonly credentials: Credentials
  readonly operatorToken: Secret | undefined
  readonly destinations: Destinations
  readonly providerKeys: ProviderKeys
}

/** Reads and checks every secret. @throws ClawtrustError SECRET_UNREADABLE; CONFIG_INVALID where a template lacks something */
export async function readSecrets(
  config: RemediationConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<RemediationSecrets> {
  const { bearer_token: inline, bearer_token_file: file } = config.operator
  const providerKeys = new Map<HttpProviderConfig, Secret>()
  for (const [index, provider] of config.enrichment.threat_intelligence.entries()) {
    if (provider.type !== 'http') continue
    const { key: inline, key_file: file } = provider
    const at = `remediation.enrichment.threat_intelligence[${index}].key`
    const key = await readSecret(at, { inline, file }, environment, { inHeader: true })
    if (key !== undefined) providerKeys.set(provider, key)
  }
  return {
    credentials: await readCredentials(config.webhook, environment),
    operatorToken: await readSecret('remediation.operator.bearer_token', { inline, file }, environment),
    destinations: await readDestinations('remediation.destinations', config.destinations, environment),
    providerKeys,
  }
}
