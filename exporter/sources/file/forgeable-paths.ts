import type { ConsoleText } from '../../../decoding/toolkit/record.ts'
import { type FilePosition, forgeableAt } from './position.ts'

/** Paths that are remembered beside those of the files that are followed: a log may get a new name every day. */
export const MAX_FORGEABLE_PATHS = 1_000

/**
 * Paths of files after whose last lines a client may have written some: what is written to such a path next continues
 * them. The path that was in use the longest time ago is forgotten first.
 */
export class ForgeablePaths {
  readonly #texts = new Map<string, ConsoleText>()

  get size(): number {
    return this.#texts.size
  }

  /** @param positions of the files that are followed */
  remember(positions: Iterable<FilePosition>): void {
    let followed = 0
    for (const { path, forgeableTo, offset } of positions) {
      followed++
      if (forgeableTo === undefined) continue
      const text = forgeableAt(forgeableTo, offset)
      this.#texts.delete(path)
      if (text !== undefined) this.#texts.set(path, text)
    }
    for (const path of this.#texts.keys()) {
      if (this.#texts.size <= followed + MAX_FORGEABLE_PATHS) return
      this.#texts.delete(path)
    }
  }

  /** The lines after which something at this path may be written by a client. */
  textAt(path: string): ConsoleText | undefined {
    return this.#texts.get(path)
  }
}
