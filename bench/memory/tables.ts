import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { MINUTE_MS } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import { KeyJournal } from '../../exporter/detection/key-journal.ts'
import { Approvals } from '../../exporter/pipeline/approvals.ts'
import { CountedKeys } from '../../exporter/pipeline/counted-keys.ts'
import { derivationLimits } from '../../exporter/pipeline/derivation.ts'
import { DerivedGateways } from '../../exporter/pipeline/derived-gateways.ts'
import { Evictions } from '../../exporter/pipeline/evictions.ts'
import { FirstSeen } from '../../exporter/pipeline/first-seen.ts'
import { IdentityTable } from '../../exporter/pipeline/identities/identity-table.ts'
import { MinuteSeries } from '../../exporter/pipeline/minute-series.ts'
import { observationOf } from '../../exporter/pipeline/observation.ts'
import { Offenders } from '../../exporter/pipeline/offenders.ts'
import { PendingObservations } from '../../exporter/pipeline/pending-observations.ts'
import { Devices } from '../../exporter/pipeline/posture/devices.ts'
import { RepeatedForms } from '../../exporter/pipeline/repeated-forms.ts'
import { sourceNetworks } from '../../exporter/pipeline/source-networks.ts'
import { Spray } from '../../exporter/pipeline/spray.ts'
import { WaitingEvents } from '../../exporter/pipeline/waiting-events.ts'
import { createSeriesStore } from '../../service/series/store.ts'
import { failure, HandClock, NOON } from '../../test/exporter/pipeline/fixtures.ts'
import { report } from '../metrics/report.ts'

/**
 * `node --expose-gc bench/memory/tables.ts [--only PATTERN] [--out FILE]`: what each bounded table keeps in memory when it is
 * full of actors that are made up, each with names as long as those of records: all of it that survives collections, by
 * `process.memoryUsage()`. Others than these are small, or their size is in bench/anomaly/cost.ts.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    out: { type: 'string', default: fileURLToPath(new URL('../results/memory-tables.json', import.meta.url)) },
  },
})

const MINUTE = NOON / 1000
const { pending, perMinute, firstSeen, attackers, gateways } = derivationLimits

/** A text with its own memory, as the parser of JSON makes it. */
const text = (beginning: string, number: number): string =>
  JSON.parse(JSON.stringify(`${beginning}-${number.toString(16).padStart(16, '0')}`))
const addressOf = (number: number): string =>
  JSON.parse(JSON.stringify(`${1 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}.201`))
const stranger = (number: number): SecurityEvent =>
  failure(NOON + number, {
    actor: { address: addressOf(number), addressTrusted: true, identity: text('user', number) },
    record: { source: 'logs', id: text('/var/log/openclaw/openclaw.log', number) },
  })
const keyOf = (number: number) => Int32Array.of(number * 0x9e3779b1, number * 0x85ebca6b, number, ~number)
const times = (count: number, act: (number: number) => void) => {
  for (let number = 0; number < count; number++) act(number)
}

interface Table {
  readonly name: string
  readonly entries: number
  /** @returns what holds the entries */
  readonly fill: () => unknown
}

const tables: readonly Table[] = [
  {
    name: 'first_seen_* and successful_addresses, each',
    entries: firstSeen,
    fill: () => {
      const table = new FirstSeen('seen/', firstSeen)
      times(firstSeen, number => table.see('gw', text('user', number), MINUTE))
      return table
    },
  },
  {
    name: 'pending_observations',
    entries: pending,
    fill: () => {
      const table = new PendingObservations({ capacity: pending, perMinute }, sourceNetworks(), () => undefined)
      times(pending, number => table.add(stranger(number), MINUTE + 60 * Math.floor(number / perMinute)))
      return table
    },
  },
  {
    name: 'spraying_addresses, of one identity each',
    entries: attackers,
    fill: () => {
      const table = new Spray(attackers, sourceNetworks())
      const observations = Array.from({ length: attackers }, (_, number) =>
        observationOf(stranger(number), sourceNetworks()),
      )
      table.derive('gw', MINUTE, observations)
      return table
    },
  },
  {
    name: 'derived_gateways',
    entries: gateways,
    fill: () => {
      const table = new DerivedGateways()
      times(gateways, number => table.of(text('gateway', number)))
      return table
    },
  },
  {
    name: 'approvals',
    entries: 20_000,
    fill: () => {
      const store = createSeriesStore({ limit: 100 })
      const table = new Approvals(store, new Evictions(store))
      times(20_000, number => {
        const request = `${text('trace', number)} ${number}`
        const approval = { kind: 'request', request, by: text('user', number) } as const
        table.observe({ ...stranger(number), approval }, () => NOON)
      })
      return table
    },
  },
  {
    name: 'identities, of one kind (three)',
    entries: 10_000,
    fill: () => {
      const table = new IdentityTable(() => undefined)
      times(10_000, number => {
        const names = { kind: 'user', realm: 'main', id: text('id', number), name: text('user', number) } as const
        const used = NOON - number
        table.report(
          { gateway: 'gw', trustZone: 'identity' },
          { names, time: used, used, scopes: ['email', 'profile'] },
        )
      })
      return table
    },
  },
  {
    name: 'posture_devices',
    entries: 20_000,
    fill: () => {
      const store = createSeriesStore({ limit: 100 })
      const table = new Devices({ store, maxAge: 1, requirements: [], onEvicted: () => undefined })
      times(20_000, number => {
        const set = { platform: ['linux'], os_version: ['12.4'], disk_encrypted: ['true'] } as const
        table.see({ gateway: 'gw', trustZone: 'device' }, { device: text('device', number), set }, NOON)
      })
      return table
    },
  },
  {
    name: 'offenders',
    entries: 10_000,
    fill: () => {
      const store = createSeriesStore({ limit: 100 })
      const options = { k: 10, window: 15 * MINUTE_MS, linger: MINUTE_MS }
      const table = new Offenders(options, new HandClock(), store, new Evictions(store))
      times(10_000, number => table.count(stranger(-number)))
      return table
    },
  },
  {
    name: 'events in two forms of one log',
    entries: 200_000,
    fill: () => {
      const table = new RepeatedForms()
      times(100_000, number => table.isRepeated('nginx-access', stranger(number)))
      return table
    },
  },
  {
    name: 'counted keys of pairs, of a source',
    entries: 2_000_000,
    fill: () => {
      const table = new CountedKeys('logs')
      times(2_000_000, number => {
        table.add(keyOf(number), NOON, { byPartner: false })
        if (number % 10_000 === 0) table.changes()
      })
      table.changes()
      return table
    },
  },
  {
    name: 'lines of a console in plain text that wait, of a source',
    entries: 100_000,
    fill: () => {
      const table = new WaitingEvents('logs', MINUTE_MS, () => false)
      times(100_000, number => {
        table.add(keyOf(number), stranger(number), NOON + MINUTE_MS)
        if (number % 10_000 === 0) table.changes()
      })
      table.changes()
      return table
    },
  },
  {
    name: 'keys of minutes that no snapshot of a scorer covers',
    entries: 500_000,
    fill: () => {
      const journals = Array.from({ length: 10 }, () => new KeyJournal({ left: 50_000, dropped: 0 }))
      for (const journal of journals) {
        times(25_000, number => journal.add(MINUTE + 60 * Math.floor(number / 1_000), stranger(number)))
        for (let minute = 0; minute < 25; minute++) journal.of(MINUTE + 60 * minute)
        journal.changes()
      }
      return journals
    },
  },
  {
    name: 'minute series, with one event each',
    entries: 50_000,
    fill: () => {
      const sources = new Set(['logs'])
      return Array.from({ length: 50_000 }, (_, number) => {
        const key = { gateway: text('gateway', number), trustZone: 'edge', signal: 'auth_failures' } as const
        const series = new MinuteSeries(key, MINUTE, MINUTE, sources)
        series.add(MINUTE, 1)
        series.close()
        series.changes()
        return series
      })
    },
  },
]

/** Bytes that survive collections: what is freed behind a promise takes some. */
async function heldBytes(): Promise<number> {
  for (let turn = 0; turn < 4; turn++) {
    global.gc?.()
    await pause(20)
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const held: unknown[] = []
const results = []
for (const { name, entries, fill } of tables.filter(table => table.name.startsWith(values.only))) {
  // Compiled code and caches are not its.
  held.push(fill())
  held.length = 0
  const before = await heldBytes()
  held.push(fill())
  const bytes = (await heldBytes()) - before
  held.length = 0
  results.push({
    table: name,
    entries,
    'bytes an entry': Math.round(bytes / entries),
    MiB: Math.round((bytes / 2 ** 20) * 10) / 10,
  })
}
report(values.out, results)
