/** What a reader has before the first step. */
export interface Way {
  /** Pages that are followed one after the other on one machine. */
  readonly pages: readonly string[]
  /** An Elasticsearch with TLS and users at the address that the first page names. */
  readonly hasElasticsearch?: true
}

/** The ways through the pages with named commands; test/stack/docs follows all of them at the same time. */
export const ways = {
  'from a log file to an alert': { pages: ['README.md', 'docs/sources.md', 'docs/alerts.md'] },
  'from Elasticsearch to an alert': { pages: ['docs/elasticsearch.md', 'docs/alerts.md'], hasElasticsearch: true },
  'from an alert to a decision': { pages: ['docs/remediation.md'] },
  'from zones to an enforced policy': { pages: ['docs/policy.md'] },
  'to a token for Prometheus': { pages: ['docs/security.md'] },
} as const satisfies Readonly<Record<string, Way>>

/** Pages that need a container engine: test/containers follows them (npm run test:containers). */
export const pagesOfContainers = ['docs/deploy.md'] as const

export const pagesThatRun: readonly string[] = [
  ...Object.values(ways).flatMap(({ pages }) => pages),
  ...pagesOfContainers,
]
