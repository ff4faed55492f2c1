import { createDispatcher } from '../../decoding/dispatch.ts'
import { dialects } from '../../decoding/registry.ts'
import type { RawRecord, UndecodedReason } from '../../decoding/toolkit/record.ts'
import { dialectFixtures } from '../../test/decoding/dialect-fixtures.ts'
import { syntheticSecurityEvents } from '../../test/decoding/fixtures.ts'
import { securityEventForms } from '../../test/decoding/security-event-forms.ts'
import { report } from '../metrics/report.ts'

/**
 * `node bench/dialects/main.ts [result.json]` (default: bench/results/dialects.json): how many records a second one core
 * decodes of the fixtures of each dialect, parsing of the line included, and which share of them is undecoded.
 */

/** CPU time of one measurement, and how many of them; the fastest counts, because others are of a busy machine. */
const SECONDS = 0.5
const ROUNDS = 5

interface Workload {
  readonly name: string
  readonly records: readonly RawRecord[]
}

const recordsOf = (bodies: readonly RawRecord['body'][]) => bodies.map((body, index) => ({ id: String(index), body }))

const workloads: readonly Workload[] = [
  ...dialects.flatMap(({ name }) => {
    const { lines = [], documents = [] } = dialectFixtures[name] ?? {}
    return [
      { name: `${name}, lines`, records: recordsOf(lines) },
      { name: `${name}, documents`, records: recordsOf(documents) },
    ]
  }),
  ...Object.entries(securityEventForms).map(([form, layOut]) => ({
    name: `security-event, ${form}`,
    records: recordsOf(
      syntheticSecurityEvents.map(line =>
        form.startsWith('stdout') ? JSON.stringify(layOut(JSON.parse(line))) : layOut(JSON.parse(line)),
      ),
    ),
  })),
].filter(({ records }) => records.length > 0)

const { decode } = createDispatcher(dialects)

/** Seconds of CPU of this process. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Records a second of CPU: whole passes over the records, until they have taken long enough. */
function speedOf(records: readonly RawRecord[]): number {
  const start = cpuSeconds()
  let decoded = 0
  let taken = 0
  while (taken < SECONDS) {
    for (const record of records) decode(record)
    decoded += records.length
    taken = cpuSeconds() - start
  }
  return decoded / taken
}

/** The reasons of the records that are undecoded, one for each record. */
const undecodedOf = (records: readonly RawRecord[]): readonly UndecodedReason[] =>
  records.flatMap(record => {
    const { decoding } = decode(record)
    return decoding.kind === 'undecoded' ? [decoding.reason] : []
  })

const countedByReason = (reasons: readonly UndecodedReason[]) =>
  [...Map.groupBy(reasons, reason => reason)].map(([reason, all]) => `${reason} ${all.length}`).join(', ')

report(
  process.argv[2] ?? 'bench/results/dialects.json',
  workloads.map(({ name, records }) => ({
    dialect: name,
    fixtures: records.length,
    'records a second': Math.round(Math.max(...Array.from({ length: ROUNDS }, () => speedOf(records))) / 1_000) * 1_000,
    'undecoded, %': Math.round((undecodedOf(records).length / records.length) * 1_000) / 10,
    'because of': countedByReason(undecodedOf(records)),
  })),
)
