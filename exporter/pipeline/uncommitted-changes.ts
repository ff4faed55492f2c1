import { LabelTree } from '../../service/series/label-tree.ts'
import type { BlobValue, CursorValue, DocumentValue, MinuteValue } from '../../service/state/state.ts'
import type { PipelineChanges } from './options.ts'

/** Changes that no commit has taken yet: of each thing the newest value, so that a disk that stays full costs no memory. */
export class UncommittedChanges {
  #cursors = new Newest<CursorValue>(2)
  #minutes = new Newest<MinuteValue>(4)
  #documents = new Newest<DocumentValue>(1)
  #blobs = new Newest<BlobValue>(1)

  add({ cursors, minutes, documents, blobs }: PipelineChanges): void {
    for (const cursor of cursors) this.#cursors.set([cursor.source, cursor.key], cursor)
    for (const minute of minutes) this.#minutes.set([...minute.series, String(minute.minute)], minute)
    for (const document of documents) this.#documents.set([document.name], document)
    for (const blob of blobs) this.#blobs.set([blob.name], blob)
  }

  all(): PipelineChanges {
    return {
      cursors: this.#cursors.values(),
      minutes: this.#minutes.values(),
      documents: this.#documents.values(),
      blobs: this.#blobs.values(),
    }
  }

  clear(): void {
    this.#cursors = new Newest(2)
    this.#minutes = new Newest(4)
    this.#documents = new Newest(1)
    this.#blobs = new Newest(1)
  }
}

class Newest<T> {
  readonly #tree: LabelTree<{ value: T }>
  readonly #all: { value: T }[] = []

  constructor(parts: number) {
    this.#tree = new LabelTree(parts)
  }

  set(key: readonly string[], value: T): void {
    const known = this.#tree.get(key)
    if (known !== undefined) {
      known.value = value
      return
    }
    const held = { value }
    this.#tree.set(key, held)
    this.#all.push(held)
  }

  values(): T[] {
    return this.#all.map(({ value }) => value)
  }
}
