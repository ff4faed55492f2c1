import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Report } from './report.ts'

/**
 * SHA-256 of a report in the canonical form of RFC 8785, hexadecimal: the hash that counts, because all forms are made from
 * it. Undefined where a text is not Unicode, which that form excludes.
 */
export function modelHash(report: Report): string | undefined {
  try {
    return createHash('sha256')
      .update(canonicalize(report) ?? '')
      .digest('hex')
  } catch {
    return undefined
  }
}
