import type { Clock } from '../../core/clock.ts'
import { parseTarget } from '../decision/target.ts'
import type { AuditWriter } from '../ledger/audit-writer.ts'
import type { Command } from '../ledger/commands.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Containment } from './containment.ts'
import type { Responder } from './responder.ts'

export interface OperatorCommandsOptions {
  readonly ledger: Ledger
  readonly auditWriter: AuditWriter
  readonly containment: Containment
  readonly responder: Responder
  /** Milliseconds that an unblocked target is left alone. */
  readonly softAllow: number
  readonly clock: Clock
}

/** What a person asks for: unblock, approve, reject, replay. Each gives the sentence to answer with. */
export class OperatorCommands {
  readonly #options: OperatorCommandsOptions

  constructor(options: OperatorCommandsOptions) {
    this.#options = options
  }

  /** Carries out what was left in the ledger by the command line. */
  async runWaiting(): Promise<void> {
    const { ledger } = this.#options
    for (const command of ledger.commands.waiting()) {
      const sentence = await this.run(command)
      await ledger.write(() => ledger.commands.answer(command.id, sentence))
    }
  }

  run({ kind, argument, actor }: Omit<Command, 'id'>): Promise<string> {
    const operatorCommands = {
      unblock: () => this.#unblock(argument, actor),
      approve: () => this.#options.responder.answerProposal(argument, true, actor),
      reject: () => this.#options.responder.answerProposal(argument, false, actor),
      replay: () => this.#replay(argument, actor),
    } as const
    return operatorCommands[kind]()
  }

  async #unblock(text: string, actor: string): Promise<string> {
    const { ledger, containment, softAllow, clock } = this.#options
    const target = parseTarget(text)
    if (target === undefined) return `${text} is no address or network.`
    const until = clock.now() + softAllow
    const allow = () => ledger.blocks.softAllow(target.text, until)
    const block = ledger.blocks.get(target.text)
    if (block === undefined) {
      await ledger.write(allow)
      return `${target.text} is not blocked; it is left alone until ${new Date(until).toISOString()}.`
    }
    const detail = `unblocked by ${actor}`
    await containment.end(block, { state: 'unblocked', detail, actor, closesAt: clock.now() }, allow)
    return `${target.text} is unblocked and left alone until ${new Date(until).toISOString()}.`
  }

  async #replay(id: string, actor: string): Promise<string> {
    const { ledger, auditWriter, clock } = this.#options
    const count = await ledger.write(() => {
      const replayed = ledger.outbox.replay(id, clock.now())
      if (replayed > 0) {
        auditWriter.recordService('outbox', {
          activity: 'other',
          disposition: 'logged',
          status: 'success',
          message: `${replayed} dead letters are sent again`,
          evidence: { id, actor },
        })
      }
      return replayed
    })
    return count === 0 ? `There is no dead letter ${id}.` : `${count} dead letters are sent again.`
  }
}
