import { Fault } from '../../core/errors.ts'
import { NetworkMap } from '../../core/net/network-map.ts'
import { parseTarget } from '../../core/net/target.ts'

/** Gives the entries of a list as texts. @throws Error where the text is not of the format */
type ReadEntries = (text: string, column: number) => string[]

/**
 * The formats of lists. `plain`: an address or network a line, `#` and `;` begin comments, as FireHOL's netsets and
 * Spamhaus's DROP have them. `csv`: in a column counted from 1; a heading counts as refused. `feodo`: a JSON list of
 * objects with `ip_address`.
 */
export const listFormats = {
  plain: linesOf,
  csv: (text, column) => linesOf(text).map(line => (csvCells(line)[column - 1] ?? '').trim()),
  feodo: feodoEntries,
} as const satisfies Record<string, ReadEntries>

export type ListFormat = keyof typeof listFormats

export interface ParsedList {
  readonly networks: NetworkMap<string>
  /** Entries that are no address, or wider than any list of attackers could mean. */
  readonly refused: number
  /** Share of all IPv4 addresses that the entries hold together, 0 to 1. */
  readonly share: number
}

/** An entry that holds more than this is a mistake or an attack on the list: 0.0.0.0/0 would call everybody malicious. */
const MIN_PREFIX = { 4: 8, 6: 19 } as const

/** Reads a list. @throws Error where the text is not of the format */
export function parseList(text: string, format: ListFormat, column: number): ParsedList {
  const networks = new NetworkMap<string>()
  let refused = 0
  for (const entry of listFormats[format](text, column)) {
    const network = parseTarget(entry)
    if (network === undefined || network.prefix < MIN_PREFIX[network.family]) refused += 1
    else networks.set(network, network.text)
  }
  return { networks, refused, share: shareOf(networks) }
}

/** One network inside another counts twice: a bound from above. */
function shareOf(networks: NetworkMap<string>): number {
  let share = 0
  for (const { family, prefix } of networks.networks()) if (family === 4) share += 2 ** -prefix
  return Math.min(1, share)
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.replace(/[#;].*$/, '').trim())
    .filter(line => line !== '')
}

function feodoEntries(text: string): string[] {
  const json: unknown = JSON.parse(text)
  if (!Array.isArray(json)) throw new Fault('it is not a JSON list')
  return json.map(entry => String((entry as { ip_address?: unknown } | null)?.ip_address ?? ''))
}

/** RFC 4180 without line breaks inside quotes, which no address needs. */
function csvCells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  )
}
