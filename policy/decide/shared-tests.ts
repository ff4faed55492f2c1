import type { ResolvedSelector } from '../language/resolved.ts'
import type { EndView } from './end-view.ts'
import { compileAlternatives, type EndTest } from './terms.ts'
import { FALSE, type Truth } from './truth.ts'

/** Selectors, each of which is tested at most once for a request, however many rules have it. */
export class SharedTests {
  readonly selectors: ResolvedSelector[] = []
  readonly #positions = new Map<string, number>()
  readonly #tests: EndTest[] = []
  readonly #results: Truth[] = []
  /** The request that each result is of. */
  readonly #requests: number[] = []
  #request = 0

  /** @returns the position of the selector */
  add(selector: ResolvedSelector): number {
    const key = JSON.stringify(selector)
    const known = this.#positions.get(key)
    if (known !== undefined) return known
    this.#positions.set(key, this.selectors.length)
    this.selectors.push(selector)
    this.#tests.push(compileAlternatives(selector))
    this.#results.push(FALSE)
    return this.#requests.push(this.#request) - 1
  }

  /** Begins a request. */
  forget(): void {
    this.#request += 1
  }

  test(position: number, end: EndView): Truth {
    if (this.#requests[position] === this.#request) return this.#results[position] as Truth
    this.#requests[position] = this.#request
    const result = (this.#tests[position] as EndTest)(end)
    this.#results[position] = result
    return result
  }
}
