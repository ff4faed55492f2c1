import type { Clock } from '../../core/clock.ts'
import { BoundedMap } from '../../core/collections/bounded-map.ts'
import { Fault, failureReason } from '../../core/errors.ts'
import { parseJson, valueAt } from '../../core/json.ts'
import { contains, isHost, type Target } from '../../core/net/target.ts'
import type { Secret } from '../../core/secret.ts'
import { boundedFetch, type Fetch } from '../../service/http-client/bounded-fetch.ts'
import type { Logger } from '../../service/log/logger.ts'
import { combine, type Finding } from '../domain/evidence.ts'
import type { HttpProviderConfig } from './config.ts'
import type { QuestionBudget } from './question-budget.ts'
import { type IntelligenceSource, RETRY_MS, type SourceState } from './source.ts'

/** Answers that are cached. */
const CACHE_CAPACITY = 10_000
const MAX_ANSWER_BYTES = 256 * 1024

/** Statuses by which providers refuse a question that they do not take. */
const NO_NETWORKS: readonly number[] = [400, 405, 414, 422]

/** What became of a question: a value of the label `result`. */
export type QuestionResult = 'answered' | 'failed' | 'over_budget'

export interface HttpProviderOptions {
  readonly budget: QuestionBudget
  readonly fetch: Fetch
  readonly clock: Clock
  readonly logger: Logger
  readonly count: (result: QuestionResult) => void
}

interface Kept {
  readonly target: Target
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
  readonly #logger: Logger
  readonly #count: (result: QuestionResult) => void
  readonly #kept = new BoundedMap<string, Kept>(CACHE_CAPACITY)
  #hasAnswered = false
  /** A question was not asked since the last one that was. */
  #isOverBudget = false
  #failure: string | undefined

  constructor(config: HttpProviderConfig, key: Secret | undefined, options: HttpProviderOptions) {
    const { budget, fetch: fetcher, clock, logger, count } = options
    this.name = config.name
    this.#logger = logger
    this.#count = count
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
      this.#overBudget()
      const finding = this.#withHosts(target, this.#unknown('the budget of questions is spent'))
      return { ...finding, validFor: this.#budget.renewsIn }
    }
    this.#isOverBudget = false
    try {
      const finding = this.#withHosts(target, this.#judge(await this.#question(target, signal)))
      this.#kept.set(target.text, { target, finding, at: now })
      this.#succeeded()
      return { ...finding, ageSeconds: 0, validFor: this.#config.cache }
    } catch (error) {
      const reason = failureReason(error)
      this.#failed(reason)
      return { ...this.#withHosts(target, this.#unknown(reason)), validFor: RETRY_MS }
    }
  }

  /**
   * Providers know hosts, and networks seldom. An attacker must not lose a verdict by offending from more hosts of one
   * network: where nothing is known of the network, what is known of hosts in it counts.
   */
  #withHosts(target: Target, finding: Finding): Finding {
    if (isHost(target) || finding.verdict !== 'unknown') return finding
    const now = this.#clock.monotonic()
    const hosts = [...this.#kept.values()].filter(
      kept => isHost(kept.target) && now - kept.at < this.#config.cache && contains(target, kept.target),
    )
    const verdict = combine(hosts.map(kept => kept.finding))
    const host = hosts.find(kept => kept.finding.verdict === verdict)
    if (verdict === 'unknown' || host === undefined) return finding
    return { source: this.name, verdict, detail: `${host.finding.detail} of ${host.target.text} in it` }
  }

  /** Attackers with many addresses can spend it: the verdicts that are missing then must not go unnoticed. */
  #overBudget(): void {
    this.#count('over_budget')
    if (this.#isOverBudget) return
    this.#isOverBudget = true
    this.#logger.warn('The questions of a day to a threat intelligence provider are spent; its verdict is unknown.', {
      provider: this.name,
      renews_in_seconds: Math.round(this.#budget.renewsIn / 1_000),
    })
  }

  state(): SourceState {
    if (this.#isOverBudget && this.#budget.renewsIn > 0) {
      return { up: false, trouble: 'the questions of a day are spent (budget)' }
    }
    if (this.#failure !== undefined) return { up: false, trouble: `the provider fails (${this.#failure})` }
    return this.#hasAnswered ? { up: true } : {}
  }

  #succeeded(): void {
    this.#count('answered')
    this.#hasAnswered = true
    if (this.#failure !== undefined) {
      this.#logger.info('A threat intelligence provider answers again.', { provider: this.name })
    }
    this.#failure = undefined
  }

  /** Logged once for each reason, until it answers. */
  #failed(reason: string): void {
    this.#count('failed')
    if (reason !== this.#failure) {
      this.#logger.warn('A threat intelligence provider fails; its verdict is unknown.', {
        provider: this.name,
        reason,
      })
    }
    this.#failure = reason
  }

  async #question(target: Target, signal: AbortSignal): Promise<unknown> {
    const { url, header, timeout } = this.#config
    const key: Record<string, string> = this.#key === undefined ? {} : { [header]: this.#key.reveal() }
    const { status, text, incomplete } = await boundedFetch(
      this.#fetch,
      url.replace('{address}', encodeURIComponent(target.text)),
      { headers: { accept: 'application/json', ...key }, redirect: 'manual' },
      { timeout, largest: MAX_ANSWER_BYTES, signal },
    )
    // Many take no networks; that is no failure of the provider.
    if (status === 404 || (!isHost(target) && NO_NETWORKS.includes(status))) return undefined
    if (status !== 200) throw new Fault(`the provider answered ${status}`)
    if (incomplete !== undefined) throw new Fault(incomplete)
    const answer = parseJson(text)
    if (answer === undefined) throw new Fault('the answer is not JSON')
    return answer
  }

  #judge(answer: unknown): Finding {
    const { score: path, malicious_from, benign_to } = this.#config
    const score = valueAt(answer, ...path.split('.'))
    if (typeof score !== 'number' || !Number.isFinite(score)) return this.#unknown('the answer holds no score')
    const detail = `score ${score}`
    if (score >= malicious_from) return { source: this.name, verdict: 'malicious', detail }
    const benign = benign_to !== undefined && score <= benign_to
    return { source: this.name, verdict: benign ? 'benign' : 'unknown', detail }
  }

  #unknown(detail: string): Finding {
    return { source: this.name, verdict: 'unknown', detail }
  }
}
