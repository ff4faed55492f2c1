import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { Fault, failureReason } from '../../../../core/errors.ts'
import type { Logger } from '../../../../service/log/logger.ts'
import type { DecodedLines, LinesDecoding } from '../../../contracts/lines-decoding.ts'
import { LinesUnpacker, type PackedLines } from './packed-lines.ts'

/** A chunk of complete lines, in memory that both threads see. */
export interface Question {
  readonly memory: SharedArrayBuffer
  readonly offset: number
  readonly length: number
  readonly claim: Claim
}

/** `ready` once, then one for each question. */
export type Answer = PackedLines | 'ready' | 'taken back'

/** One number in memory that both threads see: 0, or 1 when one of them has taken the chunk. */
type Claim = Int32Array<SharedArrayBuffer>

/** @returns true for the first of both threads that asks */
export function take(claim: Claim): boolean {
  return Atomics.compareExchange(claim, 0, 0, 1) === 0
}

export interface DecodingThreadOptions {
  readonly logger: Pick<Logger, 'warn'>
  /** Number of cores; with one, a thread would only take turns with the other. Default: those of this machine. */
  readonly cores?: number
  /** What the thread runs. Default: `thread.ts`. */
  readonly script?: URL
}

interface Waiting {
  readonly claim: Claim
  readonly lines: PromiseWithResolvers<DecodedLines>
}

/** How long the thread stays without work, milliseconds: it takes memory. */
const IDLE_MS = 60_000

/**
 * A thread that searches and decodes lines, for all files. It is started by the first chunk and takes those that come
 * when it is ready. If it cannot be started or ends, the caller decodes; nothing is lost, as it only reads.
 */
export class DecodingThread implements LinesDecoding {
  readonly #logger: Pick<Logger, 'warn'>
  readonly #script: URL
  readonly #waiting: Waiting[] = []
  #worker: Worker | undefined
  #isReady = false
  #isUsable: boolean
  #idle: NodeJS.Timeout | undefined

  constructor({ logger, cores = availableParallelism(), script = threadScript() }: DecodingThreadOptions) {
    this.#logger = logger
    this.#script = script
    this.#isUsable = cores > 1
  }

  decode(chunk: Buffer): Promise<DecodedLines> | undefined {
    if (!this.#isUsable || !(chunk.buffer instanceof SharedArrayBuffer)) return undefined
    this.#worker ??= this.#start()
    if (this.#worker === undefined || !this.#isReady) return undefined
    const lines = Promise.withResolvers<DecodedLines>()
    const claim = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
    this.#waiting.push({ claim, lines })
    const question: Question = { memory: chunk.buffer, offset: chunk.byteOffset, length: chunk.length, claim }
    this.#worker.postMessage(question)
    return lines.promise
  }

  takeBack(lines: Promise<DecodedLines>): boolean {
    const waiting = this.#waiting.find(one => one.lines.promise === lines)
    if (waiting === undefined || !take(waiting.claim)) return false
    waiting.lines.reject(new Error('the caller has taken it back'))
    return true
  }

  /** For good. */
  async end(): Promise<void> {
    this.#isUsable = false
    await this.#stop()
  }

  #start(): Worker | undefined {
    // Nothing that it makes lives longer than a chunk: of a small heap V8 lets less garbage become old.
    const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 }
    try {
      const worker = new Worker(this.#script, { resourceLimits })
      // One that was stopped may still have sent something: it must not be taken for an answer of the next one.
      const ofThis = (act: () => void) => void (worker === this.#worker && act())
      const unpacker = new LinesUnpacker()
      worker.on('message', (answer: Answer) => ofThis(() => this.#take(answer, unpacker)))
      worker.on('error', error => ofThis(() => this.#fail(error)))
      worker.on('exit', code => ofThis(() => this.#fail(new Fault(`it exited with ${code}`))))
      return worker
    } catch (error) {
      this.#fail(error)
      return undefined
    }
  }

  #take(answer: Answer, unpacker: LinesUnpacker): void {
    this.#idle ??= setTimeout(() => void this.#stop(), IDLE_MS).unref()
    this.#idle.refresh()
    if (answer === 'ready') this.#isReady = true
    else {
      const answered = this.#waiting.shift()
      if (answer !== 'taken back') answered?.lines.resolve(unpacker.unpack(answer))
    }
  }

  #fail(error: unknown): void {
    this.#isUsable = false
    this.#logger.warn(`The decoding thread ended: ${failureReason(error)}; lines are decoded in the main thread.`)
    void this.#stop()
  }

  async #stop(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    this.#isReady = false
    clearTimeout(this.#idle)
    this.#idle = undefined
    for (const { lines } of this.#waiting.splice(0)) lines.reject(new Error('the decoding thread has ended'))
    await worker?.terminate()
  }
}

function threadScript(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return new URL(`./thread.${extension}`, import.meta.url)
}
