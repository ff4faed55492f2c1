import { visible } from '../page/visible.ts'

/**
 * What a server says, to be shown and stored: on one line, visible, cut, and without our secrets, which some servers quote.
 *
 * @param most characters
 */
export function foreignWords(text: string, most: number, secrets: readonly string[] = []): string {
  const line = visible(withoutSecrets(text, secrets).replace(/\s+/g, ' ').trim())
  return line.length > most ? `${line.slice(0, most).toWellFormed()}…` : line
}

/** A text without secrets, as they are, in a URL or in JSON. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const written = secrets.flatMap(secret => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
  return [...new Set(written)]
    .filter(secret => secret !== '')
    .sort((a, b) => b.length - a.length)
    .reduce((left, secret) => left.replaceAll(secret, '<secret>'), text)
}
