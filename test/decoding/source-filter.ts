type Document = Readonly<Record<string, unknown>>

/**
 * What a source filter of Elasticsearch (`_source.includes`) leaves of a document: a name brings everything below it, `*`
 * stands for any characters, and dots lead into objects as well as they may be part of a key.
 */
export function filtered(document: Document, includes: readonly string[], above = ''): Document {
  const kept: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(document)) {
    const path = above === '' ? key : `${above}.${key}`
    if (isIncluded(path, includes)) kept[key] = value
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const inner = filtered(value as Document, includes, path)
      if (Object.keys(inner).length > 0) kept[key] = inner
    }
  }
  return kept
}

export function isIncluded(path: string, includes: readonly string[]): boolean {
  return includes.some(include => patternOf(include).test(path))
}

const patterns = new Map<string, RegExp>()

function patternOf(include: string): RegExp {
  const known = patterns.get(include)
  if (known !== undefined) return known
  const pattern = new RegExp(`^${include.replaceAll('.', '\\.').replaceAll('*', '.*')}(\\..*)?$`, 's')
  patterns.set(include, pattern)
  return pattern
}
