import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync, renameSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { connection, type Story } from '../state/lines.ts'

/** Each line of these carries the id of its connection: no two lines are equal. */
const TOLD: readonly Story[] = ['pair', 'origin', 'suppressed', 'disconnect']
const HOST = 'gateway é \u{1f980}'
/** OpenClaw keeps five rotated files. */
const ROTATED = [4, 3, 2, 1, 0]

/** A log as OpenClaw writes it: appended, and rotated by renaming `openclaw-<date>.log` to `openclaw-<date>.1.log`. */
export class GatewayLog {
  readonly lines: string[] = []
  readonly #folder: string
  #day = 1
  /** The rest of a line that was begun. */
  #rest: Buffer | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  get file(): string {
    return this.#name(0)
  }

  /** Lines of so many connections, and one that is no JSON. */
  write(connections: number): void {
    const time = Date.now()
    const lines = Array.from({ length: connections }, (_, number) => {
      return connection(TOLD[number % TOLD.length] as Story, HOST, time).lines
    }).flat()
    this.append([...lines, `no JSON: \u001b[31m"${randomUUID()}"\u001b[0m`])
  }

  append(lines: readonly string[]): void {
    this.lines.push(...lines)
    appendFileSync(this.file, lines.map(line => `${line}\n`).join(''))
  }

  /** Writes the first half of a line, cut inside a letter of two bytes; the next call writes the rest. */
  writeHalf(): void {
    if (this.#rest !== undefined) {
      appendFileSync(this.file, this.#rest)
      this.#rest = undefined
      return
    }
    const [line = ''] = connection('pair', HOST, Date.now()).lines
    this.lines.push(line)
    const bytes = Buffer.from(`${line}\n`)
    const cut = bytes.lastIndexOf('é') + 1
    appendFileSync(this.file, bytes.subarray(0, cut))
    this.#rest = bytes.subarray(cut)
  }

  /** Each file takes the next number, and the log begins anew with the next line. */
  rotate(): void {
    for (const number of ROTATED) {
      if (existsSync(this.#name(number))) renameSync(this.#name(number), this.#name(number + 1))
    }
  }

  /** Empties the log in its place. */
  truncate(): void {
    truncateSync(this.file)
  }

  /** The next line goes into the log of the next day; the files of the day before stay. */
  nextDay(): void {
    this.#day++
  }

  #name(number: number): string {
    return join(this.#folder, `openclaw-2026-11-0${this.#day}${number === 0 ? '' : `.${number}`}.log`)
  }
}
