import type { Clock } from '../../core/clock.ts'
import type { RunCommand } from '../../remediation/steps/block/nft/command.ts'

interface Element {
  readonly set: string
  readonly seconds: number
  readonly comment: string
  /** By the clock's monotonic time. */
  readonly expiresAt?: number
}

/** As much of nft as remediation's scripts use, in memory: for tests of what surrounds the firewall. */
export class MemoryKernel {
  readonly elements = new Map<string, Element>()
  readonly #clock: Clock | undefined
  #allowed = new Map<string, string>()
  #rules = 0
  #table = false
  /** What nft says to every script while it is set. */
  refusal = ''
  scripts = 0

  /** @param clock elements go by themselves when their time is over; without one they stay */
  constructor(clock?: Clock) {
    this.#clock = clock
  }

  /** What the firewall lets through before it looks for blocks. */
  get allowed(): readonly string[] {
    return [...this.#allowed.keys()]
  }

  readonly run: RunCommand = async (args, input) => {
    if (args.includes('list')) return this.#list()
    this.scripts += 1
    if (this.refusal !== '') return { code: 1, stdout: '', stderr: `Error: ${this.refusal}` }
    for (const line of input.split('\n')) this.#obey(line.trim())
    return { code: 0, stdout: '', stderr: '' }
  }

  /** The same kernel at another time, with a life of its own. */
  copy(): MemoryKernel {
    const kernel = new MemoryKernel(this.#clock)
    for (const [target, element] of this.elements) kernel.elements.set(target, element)
    kernel.#allowed = new Map(this.#allowed)
    kernel.#rules = this.#rules
    kernel.#table = this.#table
    return kernel
  }

  /** What another program does with `nft flush ruleset`. */
  flush(): void {
    this.elements.clear()
    this.#table = false
  }

  #obey(line: string): void {
    if (line.startsWith('table ')) {
      this.#table = true
      this.#rules = 0
    }
    if (line.startsWith('add rule')) this.#rules += 1
    const flushed = /^flush set inet \w+ (\w+)$/.exec(line)?.[1]
    if (flushed !== undefined) this.#allowed = new Map([...this.#allowed].filter(([, set]) => set !== flushed))
    const [, verb, set = '', list = ''] = /^(add|delete) element inet \w+ (\w+) \{ (.*) \}$/.exec(line) ?? []
    for (const entry of list === '' ? [] : list.split(', ')) {
      const [target = '', , seconds = '86400', , comment = ''] = entry.split(' ')
      if (set.startsWith('allow')) this.#allowed.set(target, set)
      else if (verb === 'delete') this.elements.delete(target)
      else this.#add(target, set, Number.parseInt(seconds, 10), comment.replaceAll('"', ''))
    }
  }

  #add(target: string, set: string, seconds: number, comment: string): void {
    const expiry = this.#clock === undefined ? {} : { expiresAt: this.#clock.monotonic() + seconds * 1_000 }
    this.elements.set(target, { set, seconds, comment, ...expiry })
  }

  #remaining({ seconds, expiresAt }: Element): number {
    return expiresAt === undefined ? seconds : Math.ceil((expiresAt - (this.#clock?.monotonic() ?? 0)) / 1_000)
  }

  #list() {
    for (const [target, element] of this.elements) if (this.#remaining(element) <= 0) this.elements.delete(target)
    if (!this.#table) return { code: 1, stdout: '', stderr: 'Error: No such file or directory' }
    const value = (text: string) => {
      const [addr, len] = text.split('/')
      return len === undefined ? addr : { prefix: { addr, len: Number(len) } }
    }
    const sets = ['block4', 'block6', 'blocknet4', 'blocknet6'].map(name => ({
      set: {
        name,
        timeout: 86_400,
        elem: [...this.elements]
          .filter(([, element]) => element.set === name)
          .map(([text, element]) => {
            const { seconds, comment } = element
            return { elem: { val: value(text), timeout: seconds, expires: this.#remaining(element), comment } }
          }),
      },
    }))
    const allowed = ['allow4', 'allow6'].map(name => ({
      set: { name, elem: [...this.#allowed].filter(([, set]) => set === name).map(([text]) => value(text)) },
    }))
    const rules = Array.from({ length: this.#rules }, () => ({ rule: {} }))
    return {
      code: 0,
      stdout: JSON.stringify({ nftables: [{ metainfo: {} }, ...sets, ...allowed, ...rules] }),
      stderr: '',
    }
  }
}
