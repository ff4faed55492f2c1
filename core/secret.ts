const PRINTED = '<secret>'

/**
 * A value that must never be shown. However it is printed (template, JSON, inspection, inside an error) it reads
 * `<secret>`; only `reveal` gives the value, at the place that hands it to a server.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return PRINTED
  }

  toJSON(): string {
    return PRINTED
  }

  /** What Node's `util.inspect` and the console call; the registered symbol needs no import from Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return PRINTED
  }
}
