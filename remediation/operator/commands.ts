import { type Clock, DAY_MS } from '../../core/clock.ts'
import { isHost, parseTarget } from '../../core/net/target.ts'
import { parseDuration } from '../../core/time/duration.ts'
import { counted, timestamp } from '../../service/page/words.ts'
import type { StepJournal } from '../contracts/step.ts'
import type { Responder } from '../responder/responder.ts'
import { endBlock } from '../steps/block/executor.ts'
import type { AuditWriter } from '../store/audit-writer.ts'
import type { Breaker } from '../store/breaker.ts'
import { type Command, type CommandKind, commandKinds } from '../store/commands.ts'
import type { Ledger } from '../store/ledger.ts'

export interface OperatorCommandsOptions {
  readonly ledger: Ledger
  readonly auditWriter: AuditWriter
  readonly journal: StepJournal
  readonly responder: Responder
  readonly breaker: Breaker
  /** Milliseconds that an unblocked or rejected target is left alone if the command contains no time. */
  readonly gracePeriod: number
  readonly clock: Clock
}

/** Between the argument of a command and the time for which its target is left alone: `192.0.2.1 for 7d`. */
const TIME_MARK = ' for '
const MAX_TIME_MS = 30 * DAY_MS

/** The argument of a command with the time for which its target is left alone. */
export const withTime = (argument: string, time: string | undefined): string =>
  time === undefined || time === '' ? argument : `${argument}${TIME_MARK}${time}`

/** Operators' commands, given on the command line or over HTTP. Each returns a sentence with its result; the audit trail contains the operator. */
export class OperatorCommands {
  readonly #options: OperatorCommandsOptions

  constructor(options: OperatorCommandsOptions) {
    this.#options = options
  }

  /** Carries out what was left in the ledger by the command line. */
  async runWaiting(): Promise<void> {
    const { ledger } = this.#options
    for (const command of ledger.commands.waiting()) {
      // A row that cannot be carried out must not hold up those after it.
      const isKnown = commandKinds.includes(command.kind) && typeof command.argument === 'string'
      const sentence = isKnown ? await this.run(command) : 'The command is not known to the service that runs.'
      await ledger.write(() => ledger.commands.answer(command.id, sentence))
    }
  }

  async run({ kind, argument: given, actor }: Omit<Command, 'id'>): Promise<string> {
    const [argument = '', chosen] = kind === 'unblock' || kind === 'reject' ? given.split(TIME_MARK) : [given]
    const time = chosen === undefined ? this.#options.gracePeriod : parseDuration(chosen)
    if (time === undefined || time > MAX_TIME_MS) return `${chosen} is not a duration of up to 30d, such as 12h or 7d.`
    const { responder } = this.#options
    const commands: Readonly<Record<CommandKind, () => Promise<string>>> = {
      unblock: () => this.#unblock(argument, time, actor),
      approve: () => responder.answerProposal(argument, { approved: true }, actor),
      reject: () => responder.answerProposal(argument, { approved: false, leftAlone: time }, actor),
      replay: () => this.#replay(argument, actor),
      'reset-breaker': () => this.#resetBreaker(actor),
    }
    return commands[kind]()
  }

  /** @param gracePeriod milliseconds that the target is left alone */
  async #unblock(text: string, gracePeriod: number, actor: string): Promise<string> {
    const { ledger, journal, clock } = this.#options
    const target = parseTarget(text)
    if (target === undefined) return `${text} is not an address or network.`
    const block = ledger.blocks.get(target.text)
    const covering = block ?? ledger.blocks.covering(target)
    if (covering !== undefined && block === undefined) {
      return `${target.text} is in the blocked network ${covering.target}; to allow it, unblock ${covering.target}.`
    }
    // A cooldown for a network that is not blocked would protect attackers in it.
    if (block === undefined && !isHost(target)) return `${target.text} is not blocked.`
    const until = clock.now() + gracePeriod
    const allow = () => {
      ledger.blocks.startGracePeriod(target.text, until)
      ledger.offendingHosts.forget(target)
      this.#audit('never-block', `${target.text} is not blocked before ${timestamp(until)}`, {
        target: target.text,
        actor,
      })
    }
    if (block === undefined) {
      await ledger.write(allow)
      return `${target.text} is not blocked; alerts do not block it before ${timestamp(until)}.`
    }
    const detail = `unblocked by ${actor}`
    const ending = { state: 'unblocked', detail, actor, closesAt: clock.now(), undo: true } as const
    await endBlock(block, { ledger, journal, ending }, allow)
    const isLate = ledger.steps.of(block.incident).some(({ state, dueAt }) => state === 'undone' && dueAt !== undefined)
    const late = isLate ? ' The firewall did not respond and still contains the block; its removal is retried.' : ''
    return `${target.text} is unblocked; alerts do not block it again before ${timestamp(until)}.${late}`
  }

  async #replay(id: string, actor: string): Promise<string> {
    const { ledger, clock } = this.#options
    const count = await ledger.write(() => {
      const replayed = ledger.outbox.replay(id, clock.now())
      if (replayed > 0) {
        this.#audit('outbox', `${counted(replayed, 'dead letter')} queued to be sent again`, { id, actor })
      }
      return replayed
    })
    return count === 0 ? `There is no dead letter ${id}.` : `${counted(count, 'dead letter')} queued to be sent again.`
  }

  async #resetBreaker(actor: string): Promise<string> {
    const { ledger, breaker, clock } = this.#options
    return ledger.write(() => {
      const now = clock.now()
      const open = breaker.state(now)
      if (open === undefined) return 'The breaker is not open.'
      breaker.reset(now)
      this.#audit('breaker', `the breaker was reset by ${actor}`, { actor, ...open })
      return 'The breaker is closed and rate limits are reset. Pending approvals of playbooks in mode enforce are executed when their alerts are delivered again.'
    })
  }

  #audit(subject: string, message: string, evidence: Readonly<Record<string, unknown>>): void {
    const kind = { activity: 'other', disposition: 'logged', status: 'success' } as const
    this.#options.auditWriter.recordService(subject, { ...kind, message, evidence })
  }
}
