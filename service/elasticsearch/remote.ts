/** True for `cluster:index`. */
export function isRemote(pattern: string): boolean {
  return pattern.includes(':')
}

/** The remote clusters of patterns, for use in a sentence; undefined if all patterns are local. */
export function remoteClusters(index: readonly string[]): string | undefined {
  const names = index.filter(isRemote).map(pattern => pattern.slice(0, pattern.indexOf(':')))
  return names.length === 0 ? undefined : [...new Set(names)].join(' or ')
}

/** @param names one remote cluster, or several of which at least one is unavailable */
export function remoteIsAway(names: string): string {
  return `the remote cluster ${names} does not answer`
}

/** What to do about it. */
export const REMOTE_REMEDY = 'check that it runs and is connected (GET _remote/info)'
