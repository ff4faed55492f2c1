/**
 * The same configuration with its paths changed: the texts of these keys, at any depth, also as the items of a list. Values
 * of classes stay as they are.
 */
export function withPaths<T>(value: T, keys: RegExp, change: (path: string) => string): T {
  if (Array.isArray(value)) return value.map(item => withPaths(item, keys, change)) as T
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  const entries = Object.entries(value).map(([key, inner]) => {
    if (!keys.test(key)) return [key, withPaths(inner, keys, change)]
    if (Array.isArray(inner)) return [key, inner.map(item => (typeof item === 'string' ? change(item) : item))]
    return [key, typeof inner === 'string' ? change(inner) : inner]
  })
  return Object.fromEntries(entries) as T
}
