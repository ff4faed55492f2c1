import { isObject } from '../../../core/json.ts'
import type { DeviceFacts, DeviceState } from '../../toolkit/device.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import { NO_ORIGIN } from '../../toolkit/origin.ts'
import { factValues } from '../../toolkit/posture.ts'
import type { Decoding } from '../../toolkit/record.ts'
import { readTime } from '../../toolkit/time.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { readFiles } from '../setup.ts'
import { defined } from './inventory.ts'

const RESULTS = '/var/log/osquery/osqueryd.results.log'

type Rows = readonly Fields[]
type Content = Omit<DeviceState, 'device'>

/** What a query of a result log reports, by the end of its name. */
interface Query {
  /** All rows that there are. */
  readonly snapshot: (rows: Rows) => DeviceFacts
  /** Rows that were added and removed since the result before. */
  readonly difference: (added: Rows, removed: Rows) => Content
}

const values = (rows: Rows, column: string) => factValues(rows.flatMap(row => textOf(row[column]) ?? []))

/** A query with one row: the added one replaces the row before. */
function oneRow(read: (row: Fields) => DeviceFacts): Query {
  const last = (rows: Rows) => {
    const row = rows.at(-1)
    return row === undefined ? {} : read(row)
  }
  return { snapshot: last, difference: added => ({ set: last(added) }) }
}

const column = (row: Fields, name: string) => (textOf(row[name]) === undefined ? undefined : values([row], name))
const isOpen = ({ encrypted }: Fields) => String(encrypted) === '0'

const queries = new Map<string, Query>([
  ['os_version', oneRow(row => defined({ os_version: column(row, 'version'), platform: column(row, 'platform') }))],
  ['patch_level', oneRow(row => defined({ patch_level: column(row, 'patch_level') }))],
  [
    'agents',
    {
      snapshot: rows => ({ agents: values(rows, 'name') }),
      difference: (added, removed) => ({
        set: {},
        add: { agents: values(added, 'name') },
        remove: { agents: values(removed, 'name') },
      }),
    },
  ],
  [
    'disk_encryption',
    {
      snapshot: rows => ({ unencrypted_disks: values(rows.filter(isOpen), 'name') }),
      // A disk that was encrypted is removed as a row that says no, and added as one that says yes.
      difference: (added, removed) => ({
        set: {},
        add: { unencrypted_disks: values(added.filter(isOpen), 'name') },
        remove: { unencrypted_disks: values([...removed, ...added.filter(row => !isOpen(row))], 'name') },
      }),
    },
  ],
])
const QUERY = /^(?:.{0,200}[_/.-])?(os_version|patch_level|agents|disk_encryption)$/

/** Result logs of osquery: snapshots, differential events, and batches of differences. */
export const osqueryDialect: JsonLineDialect = {
  name: 'osquery',
  format: 'json-line',
  prefilter: ['"hostIdentifier"'],
  sourceFields: ['name', 'hostIdentifier', 'unixTime', 'action', 'columns', 'snapshot', 'diffResults'],
  recognises: ({ name, hostIdentifier, unixTime, columns, snapshot, diffResults }) =>
    typeof name === 'string' &&
    typeof hostIdentifier === 'string' &&
    unixTime !== undefined &&
    (isObject(columns) || isObject(diffResults) || Array.isArray(snapshot)),
  decode,
  signals: ['posture_drifts'],
  observer: 'posture',
  footprint: { program: 'osquery', configurations: ['/etc/osquery/osquery.conf'], logs: [RESULTS] },
  documentation: {
    samples: { kind: 'documented', from: 'the documentation of osquery 5' },
    setup: [readFiles('osquery', [RESULTS])],
    reads: 'result logs of osquery: snapshots and differences, one JSON object a line',
    rules: [
      'Of osquery the queries count whose name ends with `os_version` (columns `version`, `platform`), `patch_level` (column `patch_level`), `agents` (column `name`, one row an agent that runs) or `disk_encryption` (columns `name`, `encrypted`, one row a disk).',
    ],
  },
}

function decode(fields: Fields): Decoding {
  const seconds = Number(fields.unixTime)
  const time = readTime(Number.isFinite(seconds) ? Math.round(seconds * 1000) : undefined)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const query = queries.get(QUERY.exec(textOf(fields.name) ?? '')?.[1] ?? '')
  const device = textOf(fields.hostIdentifier)
  if (query === undefined || device === undefined) return { kind: 'no_signal', time, template: 'osquery' }
  return { kind: 'device_state', time, origin: NO_ORIGIN, state: { device, ...contentOf(fields, query) } }
}

function contentOf({ action, columns, snapshot, diffResults }: Fields, query: Query): Content {
  if (Array.isArray(snapshot)) return { set: query.snapshot(rowsOf(snapshot)) }
  if (isObject(diffResults)) return query.difference(rowsOf(diffResults.added), rowsOf(diffResults.removed))
  const rows = rowsOf([columns])
  return action === 'removed' ? query.difference([], rows) : query.difference(rows, [])
}

const rowsOf = (value: unknown): Rows => (Array.isArray(value) ? value.filter(isObject) : [])
