import { isObject, valueAt } from '../../core/json.ts'

/** Names in a sentence. */
const MOST_NAMES = 3

/** What is asked of the settings of a pattern: only a closed index has this one. */
export const CLOSED_SETTING = 'index.verified_before_close'

/**
 * A search leaves closed indices out of a pattern without a sign.
 *
 * @param settings what Elasticsearch answers with `flat_settings`, by index
 * @returns why something of the pattern was not searched; undefined where all of it was
 */
export function closedIndices(settings: unknown): string | undefined {
  const closed = Object.entries(isObject(settings) ? settings : {})
    .filter(([, index]) => valueAt(index, 'settings', CLOSED_SETTING) === 'true')
    .map(([name]) => name)
    .sort()
  if (closed.length === 0) return undefined
  const more = closed.length > MOST_NAMES ? ` and ${closed.length - MOST_NAMES} more` : ''
  const names = `${closed.slice(0, MOST_NAMES).join(', ')}${more}`
  const [are, them] = closed.length === 1 ? ['is', 'it'] : ['are', 'them']
  return `${names} ${are} closed and left out of every search; open ${them}, delete ${them}, or exclude ${them} from the pattern`
}

/** The patterns of which a privilege can be asked: those of this cluster, without what is excluded. */
export const localPatterns = (index: string): readonly string[] =>
  index.split(',').filter(pattern => !pattern.startsWith('-') && !pattern.includes(':'))

/**
 * A search leaves indices that the credentials may not read out of a pattern without a sign, and their names are not shown.
 * Only of a whole pattern it can be asked whether it may be read.
 *
 * @param privileges the answer of `_security/user/_has_privileges`
 */
export function unreadablePatterns(privileges: unknown): string | undefined {
  const patterns = valueAt(privileges, 'index')
  const unreadable = Object.entries(isObject(patterns) ? patterns : {})
    .filter(([, granted]) => valueAt(granted, 'read') !== true)
    .map(([pattern]) => pattern)
    .sort()
  if (unreadable.length === 0) return undefined
  return `the credentials may not read all of ${unreadable.join(', ')}; grant their role read on the whole pattern, or ask for the part that it has`
}
