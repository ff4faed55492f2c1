import type { Clock } from '../../core/clock.ts'
import { BoundedMap } from '../../core/collections/bounded-map.ts'
import type { Target } from '../../core/net/target.ts'
import type { Secret } from '../../core/secret.ts'
import type { Finding } from '../domain/evidence.ts'
import type { HttpProviderConfig } from './config.ts'
import type { QuestionBudget } from './question-budget.ts'
import { type IntelligenceSource, RETRY_MS } from './source.ts'

/** Answers that are cached. */
const CACHE_CAPACITY = 10_000
const MAX_ANSWER_BYTES = 256 * 1024

export type Fetch = typeof fetch

interface Kept {
  readonly finding: Finding
  readonly at: number
}

/**
 * A service that is asked about one address at a time. It costs: answers are kept, questions of a day are counted, and
 * whatever goes wrong is `unknown`.
 */
export class HttpProvider implements IntelligenceSource {
  readonly name: string
  readonly #config: HttpProviderConfig
  readonly #key: Secret | undefined
  readonly #budget: QuestionBudget
  readonly #fetch: Fetch
  readonly #clock: Clock
  readonly #kept = new BoundedMap<string, Kept>(CACHE_CAPACITY)

  constructor(
    config: HttpProviderConfig,
    key: Secret | undefined,
    { budget, fetch: fetcher, clock }: { budget: QuestionBudget; fetch: Fetch; clock: Clock },
  ) {
    this.name = config.name
    this.#config = config
    this.#key = key
    this.#budget = budget
    this.#fetch = fetcher
    this.#clock = clock
  }

  async ask(target: Target, signal: AbortSignal): Promise<Finding> {
    const kept = this.#kept.get(target.text)
    const now = this.#clock.monotonic()
    if (kept !== undefined && now - kept.at < this.#config.cache) {
      const age = now - kept.at
      return { ...kept.finding, ageSeconds: Math.round(age / 1_000), validFor: Math.round(this.#config.cache - age) }
    }
    if (!this.#budget.spend()) {
      return { ...this.#unknown('the budget of questions is spent'), validFor: this.#budget.renewsIn }
    }
    try {
      const finding = this.#judge(await this.#question(target, signal))
      this.#kept.set(target.text, { finding, at: now })
      return { ...finding, ageSeconds: 0, validFor: this.#config.cache }
    } catch (error) {
      const why = (error as Error).name === 'TimeoutError' ? 'no answer in time' : (error as Error).message
      return { ...this.#unknown(why), validFor: RETRY_MS }
    }
  }

  async #question(target: Target, signal: AbortSignal): Promise<unknown> {
    const { url, header, timeout } = this.#config
    const response = await this.#fetch(url.replace('{address}', encodeURIComponent(target.text)), {
      headers: { accept: 'application/json', ...(this.#key === undefined ? {} : { [header]: this.#key.reveal() }) },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
    })
    if (response.status === 404) return undefined
    if (!response.ok) throw new Error(`the provider answered ${response.status}`)
    const text = await response.text()
    if (text.length > MAX_ANSWER_BYTES) throw new Error('the answer is too long')
    return JSON.parse(text)
  }

  #judge(answer: unknown): Finding {
    const { score: path, malicious_from, benign_to } = this.#config
    const score = path
      .split('.')
      .reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), answer)
    if (typeof score !== 'number') return this.#unknown('the answer holds no score')
    const detail = `score ${score}`
    if (score >= malicious_from) return { source: this.name, verdict: 'malicious', detail }
    const benign = benign_to !== undefined && score <= benign_to
    return { source: this.name, verdict: benign ? 'benign' : 'unknown', detail }
  }

  #unknown(detail: string): Finding {
    return { source: this.name, verdict: 'unknown', detail }
  }
}
