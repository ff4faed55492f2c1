import type { Product } from '../core/labels/products.ts'
import { caddyDialect } from './dialects/caddy/dialect.ts'
import { calicoFlowLogDialect } from './dialects/calico/flow-log.ts'
import { goldmaneDialect } from './dialects/calico/goldmane.ts'
import { defenseclawV7Dialect } from './dialects/defenseclaw/v7.ts'
import { defenseclawV8Dialect } from './dialects/defenseclaw/v8.ts'
import { deviceInventoryDialect } from './dialects/devices/inventory.ts'
import { osqueryDialect } from './dialects/devices/osquery.ts'
import { type Dialect, recognisesAny, textDialectsOf } from './dialects/dialect.ts'
import { ecsDialect } from './dialects/ecs/dialect.ts'
import type { CodeTable } from './dialects/entra/codes.ts'
import { createEntraDialect } from './dialects/entra/sign-in.ts'
import { envoyDialect } from './dialects/envoy/dialect.ts'
import { haproxyDialect } from './dialects/haproxy/dialect.ts'
import { hubbleDialect } from './dialects/hubble/dialect.ts'
import { keycloakElasticDialect } from './dialects/keycloak/elastic-document.ts'
import { keycloakJsonDialect } from './dialects/keycloak/json-console.ts'
import { keycloakTextDialect, keycloakUnquotedTextDialect } from './dialects/keycloak/text-console.ts'
import { nftablesDialect } from './dialects/nftables/dialect.ts'
import { nginxAccessDialect } from './dialects/nginx/access-log.ts'
import { nginxCombinedDialect } from './dialects/nginx/combined.ts'
import { nginxErrorDialect } from './dialects/nginx/error-log.ts'
import { openclawConsoleDialect, openclawFileDialect, openclawOtelDialect } from './dialects/openclaw-log/dialects.ts'
import { openclawPlainConsoleDialect } from './dialects/openclaw-log/plain-console.ts'
import { openclawAuditDialect } from './dialects/openclaw-posture/audit.ts'
import { openclawConfigAuditDialect } from './dialects/openclaw-posture/configuration.ts'
import { openclawDevicesDialect } from './dialects/openclaw-posture/devices.ts'
import { openclawDoctorDialect } from './dialects/openclaw-posture/doctor.ts'
import { openclawPolicyDialect } from './dialects/openclaw-posture/policy.ts'
import { openclawStatusDialect } from './dialects/openclaw-posture/status.ts'
import { securityEventDialect } from './dialects/openclaw-security-event/dialect.ts'
import { openshellOcsfDialect } from './dialects/openshell/ocsf.ts'
import { openshellShorthandDialect } from './dialects/openshell/shorthand.ts'
import { traefikDialect } from './dialects/traefik/dialect.ts'
import { createLineOpener } from './envelopes/line-envelope.ts'
import { lineEnvelopes } from './envelopes/registry.ts'

/** Every dialect, in the order of recognition. One with a `documentMark` goes before those without. */
export const createDialects = ({ entraCodes }: DialectSettings = {}): readonly Dialect[] => [
  openclawFileDialect,
  // A look at one field says that a record is not of these.
  openshellOcsfDialect,
  defenseclawV8Dialect,
  defenseclawV7Dialect,
  securityEventDialect,
  openclawConsoleDialect,
  openclawOtelDialect,
  openclawPlainConsoleDialect,
  openshellShorthandDialect,
  keycloakJsonDialect,
  keycloakTextDialect,
  keycloakUnquotedTextDialect,
  keycloakElasticDialect,
  createEntraDialect(entraCodes),
  hubbleDialect,
  goldmaneDialect,
  calicoFlowLogDialect,
  nftablesDialect,
  openclawAuditDialect,
  openclawDoctorDialect,
  openclawPolicyDialect,
  openclawStatusDialect,
  openclawDevicesDialect,
  openclawConfigAuditDialect,
  osqueryDialect,
  deviceInventoryDialect,
  nginxAccessDialect,
  nginxErrorDialect,
  nginxCombinedDialect,
  envoyDialect,
  haproxyDialect,
  caddyDialect,
  traefikDialect,
  ecsDialect,
]

/** Every dialect with the settings by default. Those of lines have no settings. */
export const dialects = createDialects()

/** The programs whose versions are watched, by the dialects of their records. */
export const productsByDecoder: ReadonlyMap<string, Product> = new Map(
  dialects.flatMap(dialect =>
    'versions' in dialect && dialect.versions !== undefined ? [[dialect.name, dialect.versions.product] as const] : [],
  ),
)

/** What of the dialects the configuration says. */
export interface DialectSettings {
  /** Adds to the codes of Entra ID that are known, and overrides them. */
  readonly entraCodes?: CodeTable
}

/** Opens lines of files by the envelopes of lines and the dialects. */
export const lineOpener = createLineOpener(lineEnvelopes, recognisesAny(textDialectsOf(dialects)))
