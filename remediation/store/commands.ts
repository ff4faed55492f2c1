import type { DatabaseSync } from 'node:sqlite'
import { isBeyondTime } from '../../service/sqlite/sound-number.ts'

export const commandKinds = ['unblock', 'approve', 'reject', 'replay', 'reset-breaker'] as const
export type CommandKind = (typeof commandKinds)[number]

/** What an operator asked for; the service carries it out and answers with a sentence. */
export interface Command {
  readonly id: number
  readonly kind: CommandKind
  readonly argument: string
  readonly actor: string
}

export class Commands {
  readonly #add
  readonly #waiting
  readonly #answer
  readonly #answerOf

  constructor(database: DatabaseSync) {
    this.#add = database.prepare('INSERT INTO commands (kind, argument, actor) VALUES (?, ?, ?)')
    this.#waiting = database.prepare(
      `SELECT id, kind, argument, actor FROM commands WHERE answer IS NULL AND NOT ${isBeyondTime('id')} ORDER BY id`,
    )
    this.#answer = database.prepare('UPDATE commands SET answer = ? WHERE id = ?')
    this.#answerOf = database.prepare('SELECT answer FROM commands WHERE id = ?')
  }

  /** Gives the number by which the answer is asked for. */
  add(kind: CommandKind, argument: string, actor: string): number {
    return Number(this.#add.run(kind, argument, actor).lastInsertRowid)
  }

  waiting(): readonly Command[] {
    return this.#waiting.all() as unknown as Command[]
  }

  answer(id: number, sentence: string): void {
    this.#answer.run(sentence, id)
  }

  answerOf(id: number): string | undefined {
    const row = this.#answerOf.get(id) as { answer: string | null } | undefined
    return row?.answer ?? undefined
  }
}
