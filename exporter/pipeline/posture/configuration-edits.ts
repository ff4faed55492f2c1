import { type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import { BoundedMap } from '../../../core/collections/bounded-map.ts'
import type { ConfigurationChange } from '../../../decoding/toolkit/posture.ts'
import type { Json } from '../../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, SavedRow } from '../../contracts/persistent.ts'
import type { PostureDrift } from './drift.ts'

/** How long after a write its watcher may report it as an edit; in captures it was 4 to 9 s. */
const ECHO_MS = MINUTE_MS
/** Writes that are remembered. */
const CAPACITY = 1_000

interface Write {
  readonly key: string
  readonly time: EpochMs
}

/**
 * Which changes of configurations count. OpenClaw's watcher reports its own writes as edits: an edit within a minute of
 * a write with the same hash is its echo. An older write with that hash excuses nothing: putting an old file back by hand
 * is an edit.
 */
export class ConfigurationEdits implements JsonPersistent {
  readonly key = 'configuration-writes'
  readonly format = 'json'
  readonly #writes = new BoundedMap<string, Write>(CAPACITY)
  #isChanged = false

  /** Whether the change is a write that is known already, as its watcher reports it. */
  isEcho(gateway: string, change: ConfigurationChange, time: EpochMs): boolean {
    if (change.by === 'write') return false
    const write = this.#writes.get(keyOf(gateway, change))
    return write !== undefined && Math.abs(time - write.time) <= ECHO_MS
  }

  /** @returns the drift of a change that is no echo; none where OpenClaw's log reports it too */
  take(gateway: string, change: ConfigurationChange, time: EpochMs): readonly PostureDrift[] {
    const { path, hash, by, isLogged, severity } = change
    if (by === 'write') {
      const key = keyOf(gateway, change)
      this.#writes.set(key, { key, time })
      this.#isChanged = true
      if (isLogged) return []
    }
    const kind = by === 'write' ? 'config_write' : 'config_external'
    return [{ kind, severity, change: { subject: path, from: '', to: hash } }]
  }

  changes(): readonly ChangedRow<Json>[] {
    if (!this.#isChanged) return []
    this.#isChanged = false
    return [{ name: '', value: [...this.#writes.values()].map(write => ({ ...write })) }]
  }

  restore(rows: readonly SavedRow<Json>[]): void {
    for (const write of rows.flatMap(({ value }) => value as unknown as Write[])) this.#writes.set(write.key, write)
  }
}

const keyOf = (gateway: string, { path, hash }: ConfigurationChange): string => JSON.stringify([gateway, path, hash])
