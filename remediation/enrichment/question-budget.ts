import { type Clock, DAY_MS, type EpochMs } from '../../core/clock.ts'

/** Where the count is kept over restarts; writing may fail, and then only this process remembers. */
export interface BudgetStore {
  read(name: string): unknown
  write(name: string, value: unknown): void
}

interface Spent {
  /** When the day began. */
  readonly since: EpochMs
  readonly asked: number
}

/** How many questions a provider may be asked in a day: services count them, and a restart must not reset the count. */
export class QuestionBudget {
  readonly #name: string
  readonly #most: number
  readonly #store: BudgetStore
  readonly #clock: Clock
  #spent: Spent

  /** @param provider its name; @param most questions in a day */
  constructor(provider: string, most: number, store: BudgetStore, clock: Clock) {
    this.#name = `questions of ${provider}`
    this.#most = most
    this.#store = store
    this.#clock = clock
    this.#spent = (store.read(this.#name) as Spent | undefined) ?? { since: clock.now(), asked: 0 }
  }

  /** Milliseconds until the day's questions may be asked again. */
  get renewsIn(): number {
    return Math.max(0, this.#spent.since + DAY_MS - this.#clock.now())
  }

  /** False where the day's questions are spent. */
  spend(): boolean {
    const now = this.#clock.now()
    const { since, asked } = this.#spent
    const isOver = now < since || now - since >= DAY_MS
    if (!isOver && asked >= this.#most) return false
    this.#spent = isOver ? { since: now, asked: 1 } : { since, asked: asked + 1 }
    this.#store.write(this.#name, this.#spent)
    return true
  }
}
