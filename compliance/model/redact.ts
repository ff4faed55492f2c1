import { parseTarget } from '../../core/net/target.ts'
import type { EvidencePiece, Report } from './report.ts'

/** What may be an address or a network, within a sentence too; `parseTarget` says whether it is. */
const CANDIDATES = /[\da-f:.]{2,45}(?:\/\d{1,3})?/giu
const EMAILS = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/gu

export const REDACTED = '[redacted]'

/**
 * The same report for readers outside: addresses, mail addresses, hosts of stores, results and sample ids are replaced, in
 * which names of people and machines stand. Values, hashes, times and trust zones stay: whoever has the full report can
 * compare them.
 */
export function redact(report: Report): Report {
  const evidence = report.evidence.map(withoutContent)
  const shown: Report = { ...report, evidence, stores: report.stores.map(store => ({ ...store, address: REDACTED })) }
  return { ...(withoutAddresses(shown) as Report), redacted: true }
}

const withoutContent = (piece: EvidencePiece): EvidencePiece => ({
  ...piece,
  address: REDACTED,
  query: REDACTED,
  result: REDACTED,
  samples: piece.samples.map(() => REDACTED),
})

/** Every text in it, keys of objects too. */
function withoutAddresses(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value)
  if (Array.isArray(value)) return value.map(withoutAddresses)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [redactText(key), withoutAddresses(each)]))
}

function redactText(text: string): string {
  return text.replace(EMAILS, REDACTED).replace(CANDIDATES, found => {
    // A sentence may end behind an address, and a port may follow it.
    const [, address = '', port = '', rest = ''] = /^(.*?)(:\d{1,5})?([.:]*)$/u.exec(found) ?? []
    if (parseTarget(found) !== undefined) return REDACTED
    if (parseTarget(`${address}${port}`) !== undefined) return `${REDACTED}${rest}`
    return parseTarget(address) === undefined ? found : `${REDACTED}${port}${rest}`
  })
}
