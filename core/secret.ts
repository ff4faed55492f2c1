const PRINTED = '<secret>'

/**
 * A value that must never be printed. However it is printed (template, JSON, inspection, inside an error) it reads
 * `<secret>`; only `reveal` returns the value, where it is sent to a server.
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

  /** Called by Node's `util.inspect` and the console; the registered symbol needs no import from Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return PRINTED
  }
}
