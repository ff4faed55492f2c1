import type { DatabaseSync } from 'node:sqlite'
import { type EpochMs, HOUR_MS } from '../../core/clock.ts'
import { isBeyondTime } from '../../service/sqlite/sound-number.ts'

/**
 * Senders give up a delivery within minutes. An Alertmanager that Prometheus no longer reaches says that its alerts have
 * ended, and another one goes on to deliver them.
 */
const END_HOLDS_MS = HOUR_MS

/** Alerts that were taken, by fingerprint and start time. */
export class SeenAlerts {
  readonly #seen
  readonly #refresh
  readonly #known
  readonly #prune

  constructor(database: DatabaseSync) {
    this.#seen = database.prepare('INSERT INTO seen_alerts (key, last_seen) VALUES (?, ?) ON CONFLICT DO NOTHING')
    this.#refresh = database.prepare('UPDATE seen_alerts SET last_seen = ? WHERE key = ?')
    this.#known = database.prepare('SELECT 1 FROM seen_alerts WHERE key = ? AND last_seen >= ?')
    this.#prune = database.prepare(`DELETE FROM seen_alerts WHERE last_seen < ? OR ${isBeyondTime('last_seen')}`)
  }

  /** The alert is known to have ended. */
  end(key: string, now: EpochMs): void {
    this.isNew(ended(key), now)
  }

  /** True where the alert was said to have ended lately: longer after that, its deliveries are not late, it fires. */
  hasEnded(key: string, now: EpochMs): boolean {
    return this.#known.get(ended(key), now - END_HOLDS_MS) !== undefined
  }

  /** True the first time; a key that comes again is kept for longer. */
  isNew(key: string, now: EpochMs): boolean {
    if (this.#seen.run(key, now).changes === 1) return true
    this.#refresh.run(now, key)
    return false
  }

  prune(before: EpochMs): void {
    this.#prune.run(before)
  }
}

/** The end of an alert has a row of its own beside that of its beginning. */
const ended = (key: string): string => `resolved ${key}`
