/**
 * The message of an event in the format up to Keycloak 22: `type=LOGIN_ERROR, realmId=…, clientId=…, …`, where only
 * values with a space are in quotes (`'…'`) and nothing is escaped. A user can write `, ipAddress=…` into the client id
 * before the real address, or into a name after it. So a value counts only where its field occurs once: Keycloak always
 * writes the fields that are read by `word`, a user's own would be a second one.
 */
export class UnquotedMessage {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The value of the first field, which no user can write. */
  first(field: 'type' | 'operationType'): string | undefined {
    const start = `${field}=`
    return this.#text.startsWith(start) ? this.#until(start.length, ', ') : undefined
  }

  /** The realm, which is before everything that a user can write. */
  realm(): string | undefined {
    const after = this.#text.indexOf(', ')
    const marker = ', realmId='
    return after !== -1 && this.#text.startsWith(marker, after) ? this.#until(after + marker.length, ', ') : undefined
  }

  /** A value that Keycloak itself fills in every such message: `ambiguous` where a user may have written one too. */
  word(field: 'ipAddress' | 'error' | 'userId' | 'resourceType' | 'resourcePath'): string | 'ambiguous' | undefined {
    const marker = `, ${field}=`
    const at = this.#text.indexOf(marker)
    if (at === -1) return undefined
    return this.#text.lastIndexOf(marker) === at ? this.#until(at + marker.length, ', ') : 'ambiguous'
  }

  /** What a user may have written anyway. */
  text(field: 'clientId' | 'username'): string | undefined {
    const marker = `, ${field}=`
    const at = this.#text.indexOf(marker)
    if (at === -1) return undefined
    const start = at + marker.length
    return this.#text[start] === "'" ? this.#until(start + 1, "'") : this.#until(start, ', ')
  }

  #until(start: number, end: string): string {
    const at = this.#text.indexOf(end, start)
    return at === -1 ? this.#text.slice(start) : this.#text.slice(start, at)
  }
}
