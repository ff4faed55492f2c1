import type { Clock } from '../../../core/clock.ts'
import type { FilePosition } from './position.ts'

/** Positions that are remembered of content that is gone: the newest. */
const MAX_GONE = 100

/** How long a copy of what is gone is its continuation, whatever its size: that of a log that was rotated, monotonic milliseconds. */
const ROTATION_MS = 30_000

/** What their cursor keys begin with; those of files are a device and an inode number. */
const KEY = 'gone/'

export const isGoneKey = (key: string): boolean => key.startsWith(KEY)

interface Gone {
  readonly position: FilePosition
  /** Monotonic. */
  readonly since: number
}

/**
 * How far content was read that no file holds any more, saved with the positions of files: a copy of it may come at any
 * time, and must not count again.
 */
export class GonePositions {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #gone: Map<string, Gone>
  readonly #forgettable: string[]
  #changes = 0

  /**
   * @param saved those of an earlier process, by their keys
   * @param forgettable gets the keys of those that are no longer of use
   */
  constructor(
    saved: Iterable<readonly [string, FilePosition]>,
    clock: Pick<Clock, 'monotonic'>,
    forgettable: string[],
  ) {
    const inOrder = [...saved].sort(([, one], [, other]) => (one.begun ?? 0) - (other.begun ?? 0))
    this.#gone = new Map(inOrder.map(([key, position]) => [key, { position, since: Number.NEGATIVE_INFINITY }]))
    this.#clock = clock
    this.#forgettable = forgettable
  }

  /** Another number after each change. */
  get version(): number {
    return this.#changes
  }

  /** All of them, as they are saved. */
  saved(): readonly { readonly key: string; readonly position: FilePosition; readonly copyOf: undefined }[] {
    return [...this.#gone].map(([key, { position }]) => ({ key, position, copyOf: undefined }))
  }

  positions(): readonly FilePosition[] {
    return [...this.#gone.values()].map(({ position }) => position)
  }

  /** True for content that went away a moment ago. */
  isRecent(position: FilePosition): boolean {
    const since = this.#gone.get(keyOf(position))?.since ?? Number.NEGATIVE_INFINITY
    return this.#clock.monotonic() - since < ROTATION_MS
  }

  add(position: FilePosition): void {
    const { content, offset } = position
    // What was not read cannot count again.
    if (content === undefined || offset === 0) return
    this.#gone.delete(keyOf(position))
    this.#gone.set(keyOf(position), { position, since: this.#clock.monotonic() })
    const [oldest] = this.#gone.keys()
    if (this.#gone.size > MAX_GONE && oldest !== undefined) this.#remove(oldest)
    this.#changes++
  }

  /** It is there again: a file holds all that was read. */
  remove(position: FilePosition): void {
    if (this.#gone.has(keyOf(position))) this.#remove(keyOf(position))
  }

  #remove(key: string): void {
    this.#gone.delete(key)
    this.#forgettable.push(key)
    this.#changes++
  }
}

const keyOf = ({ content, begun = 0, generation, offset, tail }: FilePosition): string =>
  `${KEY}${content}/${begun}/${generation}/${offset}/${tail?.hash ?? ''}`
