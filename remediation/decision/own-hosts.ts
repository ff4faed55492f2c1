import { cloudNode } from '../../core/config/elasticsearch.ts'
import type { ListenAddress } from '../../core/config/schema.ts'
import type { ProtectedHost } from '../domain/protected.ts'

/** Hosts in the configuration that the service connects to, or that connect to it. */
export interface OwnConnections {
  /** `remediation.never_block.hosts`. */
  readonly named: readonly string[]
  readonly sources: readonly ConnectedSource[]
  /** Of the executors of steps. Their addresses may be secrets: they are named by their names only. */
  readonly steps: readonly { readonly name: string; readonly url: string }[]
  readonly providers: readonly { readonly name: string; readonly url: string }[]
  readonly externalUrl: string | undefined
  readonly listening: readonly { readonly key: string; readonly address: ListenAddress | undefined }[]
}

/** A source of the exporter; each kind has some of these keys. */
export interface ConnectedSource {
  readonly type: string
  readonly nodes?: readonly string[] | undefined
  readonly cloud_id?: string | undefined
  readonly proxy?: string | undefined
  /** TLS servers whose certificates are watched. */
  readonly endpoints?: readonly { readonly address: ListenAddress }[] | undefined
}

/** Every host whose block would cut the service off, once, with the reason that a refusal names. */
export function ownHosts(connections: OwnConnections): readonly ProtectedHost[] {
  const { named, sources, steps, providers, externalUrl, listening } = connections
  const cloud = (id: string | undefined) => (id === undefined ? [] : [cloudNode(id)])
  const all = [
    ...named.map(host => ({ host, reason: `address of ${host}` })),
    ...sources.flatMap(({ nodes = [], cloud_id, proxy, endpoints = [] }) => [
      ...[...nodes, ...cloud(cloud_id)].map(url =>
        ofUrl(url, host => `address of ${host}, which exporter.sources reads`),
      ),
      ofUrl(proxy, host => `address of ${host}, the proxy of exporter.sources`),
      ...endpoints.map(({ address: { host } }) => ({
        host,
        reason: `address of ${host}, which exporter.sources reads`,
      })),
    ]),
    ...steps.map(({ name, url }) => ofUrl(url, () => `address of ${name}`)),
    ...providers.map(({ name, url }) => ofUrl(url, () => `address of threat intelligence ${name}`)),
    ofUrl(externalUrl, host => `address of ${host}, remediation.external_url`),
    ...listening.map(({ key, address }) => ({ host: listenedOn(address), reason: `own address, ${key}` })),
  ]
  const hosts = new Map<string, ProtectedHost>()
  for (const one of all) if (one.host !== '' && !hosts.has(one.host)) hosts.set(one.host, one)
  return [...hosts.values()]
}

/** Without a host where the address has none, or one that is filled in for each question. */
function ofUrl(url: string | undefined, reason: (host: string) => string): ProtectedHost {
  const name = (url === undefined ? undefined : URL.parse(url)?.hostname)?.replace(/^\[|\]$/g, '') ?? ''
  const host = name.includes('{') ? '' : name
  return { host, reason: reason(host) }
}

/** Who listens on every address has them all found among the machine's own. */
function listenedOn(address: ListenAddress | undefined): string {
  const host = address?.host ?? ''
  return host === '::' || host === '0.0.0.0' ? '' : host
}
