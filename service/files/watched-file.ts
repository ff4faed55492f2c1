import { stat } from 'node:fs/promises'
import type { EpochMs } from '../../core/clock.ts'
import { Fault, failureReason } from '../../core/errors.ts'
import { refuseOtherKind } from './regular-file.ts'

export interface FoundFile {
  readonly path: string
  readonly writtenAt: EpochMs
}

/** A file of others that is read again when it changes. What it was last read to stays until a new file could be read. */
export class WatchedFile<T> {
  readonly #path: string
  readonly #read: (file: FoundFile) => Promise<T>
  /** The file that was read last, or whose content was refused. */
  #stamp: string | undefined

  /** @param read reads and checks the whole file; a Fault says that its content is refused */
  constructor(path: string, read: (file: FoundFile) => Promise<T>) {
    this.#path = path
    this.#read = read
  }

  /**
   * What the file holds, if it is another one than at the last call.
   *
   * @throws Fault with the reason, in words of our own
   */
  async changed(): Promise<T | undefined> {
    let content: string | undefined
    try {
      const before = await found(this.#path)
      if (before.stamp === this.#stamp) return undefined
      content = before.stamp
      const value = await this.#read(before)
      if ((await found(this.#path)).stamp !== before.stamp) {
        content = undefined
        throw new Fault('it was changed while it was read; it is read again')
      }
      this.#stamp = content
      return value
    } catch (error) {
      // What is in a file changes only with it; what the file system refuses may work at the next look.
      this.#stamp = error instanceof Fault ? content : undefined
      throw new Fault(failureReason(error), { cause: error })
    }
  }
}

async function found(path: string): Promise<FoundFile & { readonly stamp: string }> {
  const file = await stat(path)
  const { dev, ino, size, mtimeMs } = file
  refuseOtherKind(file)
  return { path, writtenAt: Math.round(mtimeMs), stamp: `${dev}:${ino}:${size}:${mtimeMs}` }
}
