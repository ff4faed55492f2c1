import type { Dispatcher } from '../../decoding/dispatch.ts'

/** Decoder of a record that no dialect recognises. */
const NONE = 'none'

/** One sentence for the page and the log: what is wrong and what to do. */
export const UNRECOGNISED =
  'No record that was read is in a known format; check that the source reads the log of OpenClaw or of nginx, and compare its format with docs/decoders.md.'

/**
 * Whether a source is read in a known format. Records that are skipped or undecoded are normal in a log of OpenClaw; where
 * no record at all is of a known dialect, the wrong file is read, or in a format that clawtrust does not know.
 */
export class Recognition {
  readonly #dispatcher: Dispatcher
  #isRecognised: boolean | undefined

  constructor(dispatcher: Dispatcher) {
    this.#dispatcher = dispatcher
  }

  /** Undefined until a record was read since the start. */
  get isRecognised(): boolean | undefined {
    return this.#isRecognised
  }

  /** A record was decoded, or not. */
  record(decoder: string): void {
    if (this.#isRecognised !== true) this.#isRecognised = decoder !== NONE
  }

  /** Lines that were skipped without being parsed: they are parsed until one is recognised. */
  samples(lines: () => readonly string[]): void {
    if (this.#isRecognised === true) return
    for (const line of lines()) {
      this.record(this.#dispatcher.decode({ id: '', body: line }).decoder)
    }
  }

  /** Records that a source recognised by itself before it skipped them. */
  skipped(records: number): void {
    if (records > 0) this.#isRecognised = true
  }
}
