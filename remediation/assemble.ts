import { type Clock, MINUTE_MS } from '../core/clock.ts'
import { translationsWith } from '../core/net/spellings.ts'
import type { Secret } from '../core/secret.ts'
import type { Logger } from '../service/log/logger.ts'
import { needsCountries, policyOfConfig } from './config.ts'
import { Allowlist } from './decision/allowlist.ts'
import { ownHosts } from './decision/own-hosts.ts'
import { Engine } from './engine.ts'
import { discoverNetworks } from './enrichment/discovery.ts'
import type { BudgetStore } from './enrichment/question-budget.ts'
import { type OpenedSources, openSources } from './enrichment/sources.ts'
import type { Credentials } from './intake/authentication.ts'
import type { Durations, RemediationMetrics } from './metrics/definitions.ts'
import type { ApprovalLinks } from './operator/approval-links.ts'
import { systemTicker } from './scheduler.ts'
import { readSecrets } from './secrets.ts'
import { type LoadedRemediationConfig, type RemediationSetup, sourceNetworksOf } from './setup.ts'
import { commandRunner } from './steps/block/nft/command.ts'
import type { StepRegistry } from './steps/registry.ts'
import type { AuditVerifier } from './store/audit-verifier.ts'
import { AuditWriter } from './store/audit-writer.ts'
import type { Ledger } from './store/ledger.ts'

/** What stays when the configuration is reloaded. */
export interface Foundation {
  readonly ledger: Ledger
  readonly verifier: AuditVerifier
  readonly approvalLinks: ApprovalLinks
  readonly metrics: RemediationMetrics
  readonly durations: Durations
  readonly registry: StepRegistry
  /** The host's. */
  readonly host: Clock
  /** Follows the passing of time, not the host's clock. */
  readonly clock: Clock
}

/** What one configuration makes of it. */
export interface Assembled {
  readonly engine: Engine
  readonly credentials: Credentials
  readonly operatorToken: Secret | undefined
  readonly enrichment: OpenedSources
}

/** A service that starts later than that seems not to start. */
const START_TIMEOUT_MS = 5_000

/** Reads secrets, templates and databases, and builds the engine over them. @throws ClawtrustError SECRET_UNREADABLE, CONFIG_INVALID, DATABASE_UNUSABLE */
export async function assemble(
  { config: { remediation, exporter } }: LoadedRemediationConfig,
  foundation: Foundation,
  setup: RemediationSetup,
): Promise<Assembled> {
  const { ledger, host, clock } = foundation
  const { environment = process.env, fetch: fetcher = fetch } = setup
  const logger = setup.logger.with({ component: 'remediation' })
  const { credentials, operatorToken, destinations, providerKeys } = await readSecrets(remediation, environment)
  const budgets = budgetStore(ledger, logger)
  const count = (source: string, result: string) => {
    foundation.metrics.questions.series(source, result).value += 1
  }
  const nat64Prefixes = exporter.nat64_prefixes ?? []
  const translations = translationsWith(nat64Prefixes)
  const reading = { keys: providerKeys, translations, fetch: fetcher, clock: host, logger, budgets, count }
  const enrichment = await openSources(remediation.enrichment, needsCountries(policyOfConfig(remediation)), reading)
  const inNamespace = namespaceOf(remediation.firewall.command)
  const namespaceAddresses = inNamespace && { ip: commandRunner([...inNamespace, 'ip']), logger }
  const allowlist = new Allowlist({
    config: remediation.never_block,
    trustedProxies: exporter.trusted_proxies,
    nat64Prefixes,
    find: setup.discoverNetworks ?? (hosts => discoverNetworks(hosts, namespaceAddresses)),
    clock,
    logger,
  })
  const moreSteps = setup.moreSteps ?? []
  const engine = new Engine({
    config: remediation,
    ledger,
    verifier: foundation.verifier,
    auditWriter: new AuditWriter(ledger.audit, host, setup.version),
    approvalLinks: foundation.approvalLinks,
    allowlist,
    destinations,
    enrichment,
    sourceNetworks: sourceNetworksOf(exporter),
    translations,
    registry: foundation.registry,
    moreSteps,
    stepTimeout: setup.stepTimeout ?? MINUTE_MS,
    startTimeout: setup.startTimeout ?? START_TIMEOUT_MS,
    ticker: setup.ticker ?? systemTicker,
    metrics: foundation.metrics,
    durations: foundation.durations,
    runNft: setup.runNft,
    fetch: fetcher,
    random: setup.random ?? Math.random,
    clock,
    logger,
  })
  allowlist.protect(
    ownHosts({
      named: remediation.never_block.hosts,
      sources: exporter.sources ?? [],
      steps: engine.runner.connections,
      providers: remediation.enrichment.threat_intelligence.filter(one => one.type === 'http'),
      externalUrl: remediation.external_url,
      listening: [
        { key: 'remediation.listen_address', address: remediation.listen_address },
        { key: 'exporter.listen_address', address: exporter.listen_address },
      ],
    }),
  )
  return { engine, credentials, operatorToken, enrichment }
}

/** What the firewall's command runs nft by, where that is in another network namespace: `ip netns exec gateway`. */
export function namespaceOf(command: readonly string[]): readonly string[] | undefined {
  const nft = command.findLastIndex(word => /(?:^|\/)nft$/.test(word))
  return nft > 0 ? command.slice(0, nft) : undefined
}

function budgetStore(ledger: Ledger, logger: Logger): BudgetStore {
  return {
    read: name => ledger.documents.get(name),
    write: (name, value) => {
      ledger
        .write(() => ledger.documents.set(name, value))
        .catch(error =>
          logger.error('The query budget of a threat intelligence provider could not be saved.', { error }),
        )
    },
  }
}
