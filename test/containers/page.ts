import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CommandStep, missingLine, stepsOf } from '../docs/page-blocks.ts'
import type { Stack } from './stack.ts'

/** A page says how long a command is repeated on a machine that is not busy. */
const PATIENCE = 4
const PAUSE_MS = 1_000
const OUTPUT_BYTES = 16 * 1024 * 1024

/** The commands of docs/deploy.md, each run as it is printed, in the clone of a stack. */
export class FollowedPage {
  readonly #stack: Stack
  readonly #change: (text: string) => string
  readonly #files = new Map<string, string>()
  readonly #commands = new Map<string, CommandStep>()
  readonly #followed = new Set<string>()

  /** @param change what the test must change in commands: folders and addresses that are those of the test */
  constructor(page: string, stack: Stack, change: (text: string) => string) {
    this.#stack = stack
    this.#change = change
    for (const step of stepsOf(page)) {
      if (step.kind === 'file') this.#files.set(step.path, step.text)
      else this.#commands.set(step.name, step)
    }
  }

  /** Writes a file of the page. */
  write(path: string): void {
    const text = this.#files.get(path)
    if (text === undefined) throw new Error(`the page has no file ${path}`)
    writeFileSync(join(this.#stack.folder, path), text)
    this.#followed.add(path)
  }

  /** Runs the commands of a name to their end. @throws where they fail, or do not print what the page says */
  async follow(name: string): Promise<string> {
    const step = this.#commands.get(name)
    if (step === undefined) throw new Error(`the page has no commands ${name}`)
    this.#followed.add(name)
    const end = performance.now() + PATIENCE * step.repeatedFor * 1_000
    for (;;) {
      const { code, output } = await this.#shell(this.#change(step.text))
      const missing = missingLine(step.expected, output)
      if (code === 0 && missing === undefined) return output
      if (performance.now() > end) {
        const wrong = code === 0 ? `should print: ${missing}` : `ended with ${code}`
        throw new Error(`the commands ${name} ${wrong}\nThey printed:\n${output.slice(-4_000)}`)
      }
      await new Promise(resume => setTimeout(resume, PAUSE_MS))
    }
  }

  /** What of the page was not followed yet. */
  get left(): readonly string[] {
    return [...this.#files.keys(), ...this.#commands.keys()].filter(name => !this.#followed.has(name))
  }

  #shell(commands: string): Promise<{ readonly code: number; readonly output: string }> {
    const options = {
      cwd: this.#stack.folder,
      env: { USER: 'operator', ...process.env, ...this.#stack.environment },
      maxBuffer: OUTPUT_BYTES,
    }
    return new Promise(resolve => {
      execFile('bash', ['-euo', 'pipefail', '-c', commands], options, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` }),
      )
    })
  }
}
