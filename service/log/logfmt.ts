import { isObject } from '../../core/json.ts'
import { logfmtValue } from './one-line.ts'

/**
 * One log entry as a line of `key=value` pairs. Nested objects become dotted keys (`error.code=…`), so that every value
 * can be searched by its own name.
 */
export function logfmtLine(entry: Readonly<Record<string, unknown>>): string {
  return `${pairs('', entry).join(' ')}\n`
}

function pairs(prefix: string, fields: object): string[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const key = prefix + logfmtKey(name)
    return isObject(value) ? pairs(`${key}.`, value) : [`${key}=${logfmtValue(value)}`]
  })
}

/** Keys come from our own code, but a map of counts may have keys that were read: such a key must not end the pair. */
function logfmtKey(name: string): string {
  return name.replace(/[^\w.-]/g, '_')
}
