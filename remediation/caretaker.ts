import { type Clock, DAY_MS, HOUR_MS, MINUTE_MS } from '../core/clock.ts'
import type { Logger } from '../service/log/logger.ts'
import type { Containment } from './containment.ts'
import type { Courier } from './courier.ts'
import { parseTarget } from './decision/target.ts'
import type { Errands } from './errands.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { LedgerWatch } from './ledger-watch.ts'
import type { Protection } from './protection.ts'
import type { Differences, Reconciler } from './reconcile.ts'
import type { Responder } from './responder.ts'

export interface CaretakerOptions {
  readonly ledger: Ledger
  readonly watch: LedgerWatch
  readonly responder: Responder
  readonly containment: Containment
  readonly courier: Courier
  readonly errands: Errands
  readonly protection: Protection
  /** Undefined where no playbook may touch the firewall. */
  readonly reconciler: Reconciler | undefined
  readonly reconcileInterval: number
  /** Milliseconds that closed incidents are kept. */
  readonly retention: number
  readonly clock: Clock
  readonly logger: Logger
}

const TICK_MS = 250
const MOST_TAKEN_UP = 10_000
/** Longer than any reset of a ladder can ask for. */
const OFFENCES_KEPT_MS = 366 * DAY_MS

interface Chore {
  readonly name: string
  readonly every: number
  readonly work: () => Promise<void>
  dueAt: number
  running: boolean
}

/** What must be done again and again; one chore's trouble does not hold up the others. */
export class Caretaker {
  readonly #options: CaretakerOptions
  readonly #chores: Chore[]
  #timer: NodeJS.Timeout | undefined
  readonly #underWay = new Set<Promise<void>>()
  #differences: Differences | undefined
  #compared = false

  constructor(options: CaretakerOptions) {
    this.#options = options
    const { courier, errands, protection, reconcileInterval } = options
    const chore = (name: string, every: number, work: () => Promise<unknown>): Chore => {
      return { name, every, work: async () => void (await work()), dueAt: Number.NEGATIVE_INFINITY, running: false }
    }
    this.#chores = [
      chore('look around', MINUTE_MS, async () => {
        if (await protection.refresh()) await this.releaseProtected()
      }),
      chore('take up what waits', 5_000, async () => this.#takeUp()),
      chore('expire', 1_000, () => this.#expire()),
      chore('carry out commands', 500, () => errands.runWaiting()),
      // A receiver that hangs holds up its own letter only.
      chore('send letters', 250, async () => void courier.send()),
      chore('reconcile', reconcileInterval, () => this.reconcile()),
      chore('verify the trail', 1_000, async () => this.#verify()),
      chore('prune', HOUR_MS, () => this.#prune()),
    ]
  }

  /** What the last comparison with the kernel found; `asked` is false where the kernel did not answer. */
  get drift(): { readonly asked: boolean; readonly count: number } {
    const { ruleset, missing, unexpected } = this.#differences ?? { ruleset: false, missing: [], unexpected: [] }
    const asked = this.#options.reconciler === undefined || !this.#compared || this.#differences !== undefined
    return { asked, count: Number(ruleset) + missing.length + unexpected.length }
  }

  start(): void {
    this.#timer = setInterval(() => this.tick(), TICK_MS)
    this.tick()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#underWay)
    await this.#options.courier.idle()
  }

  /** Begins every chore whose time has come. */
  tick(): void {
    const now = this.#options.clock.monotonic()
    for (const chore of this.#chores) {
      if (chore.running || now < chore.dueAt) continue
      chore.dueAt = now + chore.every
      chore.running = true
      const done = this.#do(chore).finally(() => this.#underWay.delete(done))
      this.#underWay.add(done)
    }
  }

  async reconcile(): Promise<void> {
    this.#differences = await this.#options.reconciler?.reconcile()
    this.#compared = true
  }

  async #do(chore: Chore): Promise<void> {
    try {
      await chore.work()
    } catch (error) {
      this.#options.logger.error('A chore failed; it is done again.', { chore: chore.name, error })
    } finally {
      chore.running = false
    }
  }

  #takeUp(): void {
    const { ledger, responder } = this.#options
    responder.take(ledger.incidents.idsOf('received', MOST_TAKEN_UP))
  }

  async #expire(): Promise<void> {
    const { ledger, containment, responder, clock } = this.#options
    const now = clock.now()
    for (const block of ledger.blocks.expired(now)) {
      await containment.end(block, { state: 'expired', detail: 'its time is over', actor: 'clawtrust' })
    }
    const late = ledger.incidents.list(['proposed'], MOST_TAKEN_UP).filter(({ facts }) => (facts.expiresAt ?? 0) <= now)
    if (late.length === 0 && !ledger.incidents.hasDue(now)) return
    await ledger.write(() => {
      for (const { id } of late) {
        const incident = ledger.incidents.get(id)
        if (incident?.state === 'proposed') responder.lapse(incident)
      }
      ledger.incidents.closeDue(now)
    })
  }

  /** What was blocked before it came onto the never-block list is let go. */
  async releaseProtected(): Promise<void> {
    const { ledger, protection, containment, clock } = this.#options
    for (const block of ledger.blocks.all()) {
      const target = parseTarget(block.target)
      const guarded = target && protection.list.refusal(target)
      if (guarded === undefined) continue
      const detail = `${guarded.network} is never blocked: ${guarded.reason}`
      await containment.end(block, { state: 'unblocked', detail, actor: 'clawtrust', closesAt: clock.now() })
    }
    await this.reconcile()
  }

  #verify(): void {
    const { watch } = this.#options
    const before = watch.fault
    // A page in each slice of a second keeps the event loop free; a trail of 100,000 records is followed in minutes.
    for (let pages = 0; pages < 4 && !watch.step(); pages++);
    if (before !== watch.fault) this.#options.logger.error('The audit trail does not verify.', { fault: watch.fault })
  }

  async #prune(): Promise<void> {
    const { ledger, retention, clock } = this.#options
    const now = clock.now()
    await ledger.write(() => {
      ledger.deliveries.prune(now - retention)
      ledger.incidents.prune(now - retention)
      ledger.outbox.prune(now - retention)
      ledger.blocks.prune(now, now - OFFENCES_KEPT_MS)
    })
  }
}
