/** The selector language of Calico, as far as its documentation lists it without sets. */
const TOKEN = /^\s*(all\(\)|&&|\|\||!=|==|!|\(|\)|starts with|'[^']*'|[\w./-]+)/

/** Whether a selector matches labels. */
export function isSelected(selector: string, labels: Readonly<Record<string, string>>): boolean {
  const tokens: string[] = []
  for (let rest = selector.trimEnd(); rest !== ''; ) {
    const [whole = '', token] = TOKEN.exec(rest) ?? []
    if (token === undefined) throw new Error(`no selector of Calico: ${selector}`)
    tokens.push(token)
    rest = rest.slice(whole.length)
  }
  const reader = new Reader(tokens, new Map(Object.entries(labels)))
  const value = reader.either()
  if (!reader.isAtEnd) throw new Error(`no selector of Calico: ${selector}`)
  return value
}

class Reader {
  readonly #tokens: readonly string[]
  readonly #labels: ReadonlyMap<string, string>
  #at = 0

  constructor(tokens: readonly string[], labels: ReadonlyMap<string, string>) {
    this.#tokens = tokens
    this.#labels = labels
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length
  }

  either(): boolean {
    let value = this.#both()
    while (this.#takes('||')) value = this.#both() || value
    return value
  }

  #both(): boolean {
    let value = this.#one()
    while (this.#takes('&&')) value = this.#one() && value
    return value
  }

  #one(): boolean {
    if (this.#takes('!')) return !this.#one()
    if (this.#takes('all()')) return true
    if (this.#takes('(')) {
      const value = this.either()
      if (!this.#takes(')')) throw new Error('a parenthesis of a selector is not closed')
      return value
    }
    const label = this.#next()
    const operator = this.#next()
    const text = this.#next()
    if (!/^'.*'$/.test(text)) throw new Error(`no text in a selector: ${text}`)
    const [value, own] = [text.slice(1, -1), this.#labels.get(label)]
    if (operator === '==') return own === value
    if (operator === '!=') return own !== value
    if (operator === 'starts with') return own?.startsWith(value) ?? false
    throw new Error(`no operator of a selector: ${operator}`)
  }

  #takes(token: string): boolean {
    const isNext = this.#tokens[this.#at] === token
    if (isNext) this.#at += 1
    return isNext
  }

  #next(): string {
    return this.#tokens[this.#at++] ?? ''
  }
}
