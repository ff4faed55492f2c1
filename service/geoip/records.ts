/** What the records of databases say, whatever their layout; they are written by others. */

/** Codes of ISO 3166-1 that the user of a database may assign; they stand for unknown. */
const NO_COUNTRY = /^(?:XX|ZZ)$/

/**
 * The country of a record, whatever its layout: that of MaxMind and DB-IP (`country.iso_code`), or a flat one with
 * `country_code` or, as IPinfo's, the code in `country`.
 */
export function countryOf(record: unknown): string | undefined {
  const { country, registered_country: registered, country_code: flat } = Object(record) as Record<string, unknown>
  const candidates = [isoCode(country), isoCode(registered), flat, country]
  const found = candidates.find(code => typeof code === 'string' && /^[A-Za-z]{2}$/.test(code)) as string | undefined
  const code = found?.toUpperCase()
  return code === undefined || NO_COUNTRY.test(code) ? undefined : code
}

const isoCode = (place: unknown): unknown => (Object(place) as { iso_code?: unknown }).iso_code

/** An autonomous system: a network under one operator, by which the Internet routes. */
export interface AutonomousSystem {
  readonly number: number
  /** The organization that operates it, as it may be shown. */
  readonly organization?: string
}

const MAX_NUMBER = 2 ** 32 - 1
const MAX_ORGANIZATION = 64

/**
 * The autonomous system of a record: in the layout of MaxMind and DB-IP (`autonomous_system_number`), or in that of IPinfo,
 * a flat one with `asn` as text.
 */
export function autonomousSystemOf(record: unknown): AutonomousSystem | undefined {
  const fields = Object(record) as Record<string, unknown>
  const number = asNumber(fields.autonomous_system_number) ?? asNumber(fields.asn)
  if (number === undefined) return undefined
  const names = [fields.autonomous_system_organization, fields.as_name, fields.name]
  const organization = names.map(organizationText).find(text => text !== undefined)
  return { number, ...(organization === undefined ? {} : { organization }) }
}

function asNumber(value: unknown): number | undefined {
  const text = typeof value === 'string' ? /^(?:AS)?(\d{1,10})$/i.exec(value)?.[1] : undefined
  const number = text === undefined ? value : Number(text)
  return Number.isInteger(number) && (number as number) >= 1 && (number as number) <= MAX_NUMBER
    ? (number as number)
    : undefined
}

/**
 * The name of an organization without anything by which a message, a page or a chat is structured: of Latin letters, digits
 * and a few marks, on one line, cut. A point within a word is left out, because chats make links of `name.example`, and so
 * are letters of other scripts: registries write names in Latin ones.
 */
export function organizationText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  // Cut first, too: a record may hold 64 KiB.
  const words = value
    .slice(0, 4 * MAX_ORGANIZATION)
    .normalize('NFC')
    .replace(/[^\p{Script=Latin}0-9 .,&'+-]|\.(?=[^ ,])/gu, ' ')
    .replace(/ +/g, ' ')
    .slice(0, MAX_ORGANIZATION)
    .toWellFormed()
    .trim()
  return /[\p{Script=Latin}0-9]/u.test(words) ? words : undefined
}
