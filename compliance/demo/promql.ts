import { Fault } from '../../core/errors.ts'
import { parseJson } from '../../core/json.ts'
import { parseDuration } from '../../core/time/duration.ts'

/** The part of PromQL in which evidence is asked for, as a tree. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | Selector
  | Range
  | { readonly kind: 'call'; readonly name: string; readonly argument: Expression }
  | Aggregation
  | Comparison

export interface Selector {
  readonly kind: 'selector'
  readonly metric: string
  readonly matchers: readonly Matcher[]
}

export interface Matcher {
  readonly label: string
  readonly operator: '=' | '!=' | '=~' | '!~'
  readonly value: string
}

/** `series[5m]`, or `(expression)[1d:5m]` with a step. */
export interface Range {
  readonly kind: 'range'
  readonly of: Expression
  /** Milliseconds. */
  readonly length: number
  readonly step?: number
}

export interface Aggregation {
  readonly kind: 'aggregation'
  readonly name: string
  readonly by: readonly string[]
  /** The labels of `by` are those that are left out. */
  readonly isWithout: boolean
  readonly argument: Expression
}

export interface Comparison {
  readonly kind: 'comparison'
  readonly operator: string
  /** Gives 1 and 0 instead of a selection. */
  readonly isBool: boolean
  readonly left: Expression
  readonly right: number
}

const AGGREGATIONS = ['avg', 'count', 'max', 'min', 'sum']
const TOKEN =
  /^(?:\s{1,20})?("(?:[^"\\]|\\.){0,2000}"|[a-zA-Z_][a-zA-Z0-9_:]{0,250}|[0-9][0-9a-z.]{0,30}|=~|!~|!=|==|<=|>=|[<>=(){}[\],:])/

/** @throws Fault where an expression is none of this part of PromQL */
export function parseExpression(text: string): Expression {
  const parser = new Parser(text)
  const expression = parser.expression()
  parser.end()
  return expression
}

class Parser {
  readonly #text: string
  #rest: string
  /** The token that comes next; undefined at the end. */
  #next: string | undefined

  constructor(text: string) {
    this.#text = text
    this.#rest = text.trim()
    this.#advance()
  }

  end(): void {
    if (this.#next !== undefined) throw this.#unknown()
  }

  expression(): Expression {
    const left = this.#postfix()
    const operator = this.#next
    if (operator === undefined || !['<', '>', '<=', '>=', '==', '!='].includes(operator)) return left
    this.#advance()
    return { kind: 'comparison', operator, isBool: this.#take('bool'), left, right: this.#number() }
  }

  #postfix(): Expression {
    const of = this.#primary()
    if (!this.#take('[')) return of
    const length = this.#duration()
    const step = this.#take(':') ? { step: this.#duration() } : {}
    this.#expect(']')
    return { kind: 'range', of, length, ...step }
  }

  #primary(): Expression {
    const token = this.#next ?? ''
    if (this.#take('(')) {
      const inner = this.expression()
      this.#expect(')')
      return inner
    }
    if (/^[0-9]/.test(token)) return { kind: 'number', value: this.#number() }
    if (!/^[a-zA-Z_]/.test(token)) throw this.#unknown()
    this.#advance()
    if (AGGREGATIONS.includes(token) && (this.#next === '(' || this.#next === 'by' || this.#next === 'without')) {
      return this.#aggregation(token)
    }
    if (!this.#take('(')) return this.#selector(token)
    const argument = this.expression()
    this.#expect(')')
    return { kind: 'call', name: token, argument }
  }

  #aggregation(name: string): Aggregation {
    const isWithout = this.#next === 'without'
    const by: string[] = []
    if (this.#next !== '(') {
      this.#advance()
      this.#expect('(')
      while (!this.#take(')')) by.push(this.#listed())
    }
    this.#expect('(')
    const argument = this.expression()
    this.#expect(')')
    return { kind: 'aggregation', name, by, isWithout, argument }
  }

  #selector(metric: string): Selector {
    const matchers: Matcher[] = []
    if (this.#take('{')) {
      while (!this.#take('}')) {
        const label = this.#word()
        const operator = this.#word() as Matcher['operator']
        matchers.push({ label, operator, value: this.#quoted() })
      }
    }
    return { kind: 'selector', metric, matchers }
  }

  #number(): number {
    const value = Number(this.#word())
    if (!Number.isFinite(value)) throw this.#unknown()
    return value
  }

  #duration(): number {
    const value = parseDuration(this.#word())
    if (value === undefined) throw this.#unknown()
    return value
  }

  /** A token of a list, and the comma after it. */
  #listed(): string {
    const word = this.#word()
    this.#take(',')
    return word
  }

  #quoted(): string {
    const value = parseJson(this.#listed())
    if (typeof value !== 'string') throw this.#unknown()
    return value
  }

  /** Whether the next token is this one, which is then behind. */
  #take(token: string): boolean {
    if (this.#next !== token) return false
    this.#advance()
    return true
  }

  #word(): string {
    const token = this.#next
    if (token === undefined) throw this.#unknown()
    this.#advance()
    return token
  }

  #expect(token: string): void {
    if (this.#word() !== token) throw this.#unknown()
  }

  #advance(): void {
    const found = TOKEN.exec(this.#rest)
    if (found === null && this.#rest.trim() !== '') throw this.#unknown()
    this.#next = found?.[1]
    this.#rest = this.#rest.slice(found?.[0].length ?? 0)
  }

  #unknown(): Fault {
    return new Fault(`the synthetic store of the demo does not know the expression ${this.#text}`)
  }
}
