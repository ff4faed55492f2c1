type Node<T> = Map<string, Node<T> | T>

/**
 * A map from tuples of labels to values, with one level of maps for each label: there is no joined key, and therefore
 * no separator that a label could contain. All tuples of one tree have the same length. The last label is looked up
 * first: the first labels of a tuple, such as the gateway, have most values, and a separate set of maps for each would
 * be too many.
 */
export class LabelTree<T> {
  readonly #depth: number
  readonly #root: Node<T> = new Map()

  constructor(labels: number) {
    // A metric without labels has one series, under the empty tuple.
    this.#depth = Math.max(1, labels)
  }

  get(labels: readonly string[]): T | undefined {
    let node: Node<T> | T | undefined = this.#root
    for (let level = this.#depth - 1; level >= 0; level--) {
      node = (node as Node<T>).get(labels[level] ?? '')
      if (node === undefined) return undefined
    }
    return node as T
  }

  set(labels: readonly string[], value: T): void {
    let node = this.#root
    for (let level = this.#depth - 1; level > 0; level--) {
      const label = labels[level] ?? ''
      let next = node.get(label) as Node<T> | undefined
      if (next === undefined) {
        next = new Map()
        node.set(label, next)
      }
      node = next
    }
    node.set(labels[0] ?? '', value)
  }

  /** Removes the tuple, and the maps that become empty. */
  delete(labels: readonly string[]): void {
    this.#deleteBelow(this.#root, labels, this.#depth - 1)
  }

  #deleteBelow(node: Node<T>, labels: readonly string[], level: number): void {
    const label = labels[level] ?? ''
    if (level > 0) {
      const next = node.get(label) as Node<T> | undefined
      if (next === undefined) return
      this.#deleteBelow(next, labels, level - 1)
      if (next.size > 0) return
    }
    node.delete(label)
  }
}
