/**
 * The files of test/stack that take more than a minute, the longest first. A fresh clone has no durations of an earlier
 * run, and jest would take the files by their size: the longest one last, alone, while the other process has nothing to do.
 */
export const longest: readonly string[] = [
  'elasticsearch/kill',
  'exactness/exactness',
  'elasticsearch/outage',
  'elasticsearch/trouble',
  'elasticsearch/security',
  'later-deliveries/later-deliveries',
  'elasticsearch/remote-cluster',
  'state/kill',
  'package',
  'docs/ways',
  'elasticsearch/cluster',
  'elasticsearch/other-major',
  'openclaw/forged-line',
  'remediation/kill',
  'elasticsearch/late',
  'dashboards/expressions',
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
