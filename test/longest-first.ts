/**
 * The files of test/stack that take more than half a minute, the longest first. A fresh clone has no durations of an earlier
 * run, and jest would take the files by their size: the longest one last, alone, while the other processes have nothing to
 * do.
 */
export const longest: readonly string[] = [
  'elasticsearch/kill',
  'elasticsearch/outage',
  'exactness/exactness',
  'elasticsearch/trouble',
  'package',
  'state/kill',
  'later-deliveries/later-deliveries',
  'docs/ways',
  'elasticsearch/security',
  'elasticsearch/remote-cluster',
  'elasticsearch/other-major',
  'elasticsearch/cluster',
  'openclaw/forged-line',
  'chain/chain',
  'elasticsearch/late',
  'dashboards/expressions',
  'elasticsearch/backlog',
  'elasticsearch/gateways',
  'remediation/kill',
  'shippers/rsyslog',
  'keycloak/keycloak',
  'workflow/workflow',
  'elasticsearch/first-start',
  'elasticsearch/reach',
  'remediation/openclaw',
]

interface TestFile {
  readonly path: string
}

/** The order of test files for jest's option `testSequencer`: those that take longest, then the others by name. */
class LongestFirst {
  sort<File extends TestFile>(files: readonly File[]): File[] {
    const place = ({ path }: File) => {
      const found = longest.findIndex(name => path.endsWith(`/stack/${name}.test.ts`))
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
