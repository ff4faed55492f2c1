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

  /** @returns the drift of the change; none for an echo, and where OpenClaw's log reports it too */
  see(gateway: string, { path, hash, by, isLogged, severity }: ConfigurationChange, time: EpochMs): PostureDrift[] {
    const key = JSON.stringify([gateway, path, hash])
    const change = { subject: path, from: '', to: hash }
    if (by === 'write') {
      this.#writes.set(key, { key, time })
      this.#isChanged = true
      return isLogged ? [] : [{ kind: 'config_write', severity, change }]
    }
    const write = this.#writes.get(key)
    const isEcho = write !== undefined && Math.abs(time - write.time) <= ECHO_MS
    return isEcho ? [] : [{ kind: 'config_external', severity, change }]
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
