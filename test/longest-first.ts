/**
 * The files of the projects `long` and `stack` that take more than half a minute, the longest of each first. A fresh clone has
 * no durations of an earlier run, and jest would take the files by their size: the longest one last, alone, while the other
 * processes have nothing to do.
 */
export const longest: readonly string[] = [
  'recipes/recipes',
  'exporter/sources/recording/attack-day',
  'alert-rules/promtool',
  'exporter/detection/demo',
  'remediation/responder/bounds',
  'stack/elasticsearch/kill',
  'stack/exactness/exactness',
  'stack/elasticsearch/outage',
  'stack/elasticsearch/trouble',
  'stack/elasticsearch/other-major',
  'stack/state/kill',
  'stack/elasticsearch/remote-cluster',
  'stack/elasticsearch/security',
  'stack/docs/ways',
  'stack/later-deliveries/later-deliveries',
  'stack/elasticsearch/cluster',
  'stack/openclaw/forged-line',
  'stack/package',
  'stack/dashboards/expressions',
  'stack/elasticsearch/late',
  'stack/remediation/kill',
  'stack/elasticsearch/gateways',
  'stack/elasticsearch/backlog',
  'stack/compliance/schedule',
  'stack/chain/chain',
  'stack/workflow/workflow',
  'stack/policy/nftables',
  'stack/doctor/doctor',
  'stack/keycloak/keycloak',
  'stack/elasticsearch/first-start',
  'stack/elasticsearch/reach',
  'stack/shippers/rsyslog',
  'stack/remediation/openclaw',
]

interface TestFile {
  readonly path: string
}

/** The order of test files for jest's option `testSequencer`: those that take longest, then the others by name. */
class LongestFirst {
  sort<File extends TestFile>(files: readonly File[]): File[] {
    const place = ({ path }: File) => {
      const found = longest.findIndex(name => path.endsWith(`/test/${name}.test.ts`))
      return found === -1 ? longest.length : found
    }
    return files.toSorted((a, b) => place(a) - place(b) || (a.path < b.path ? -1 : 1))
  }

  /** Durations and failures of earlier runs are not kept. */
  cacheResults(): void {}

  allFailedTests<File extends TestFile>(files: readonly File[]): readonly File[] {
    return files
  }
}

// Jest asks for a default export.
export { LongestFirst as default }
