import { parseArgs } from 'node:util'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { dialects } from '../../decoding/registry.ts'
import type { RawRecord, UndecodedReason } from '../../decoding/toolkit/record.ts'
import { createTextTest } from '../../decoding/toolkit/text-search.ts'
import { dialectFixtures } from '../../test/decoding/dialect-fixtures.ts'
import { syntheticSecurityEvents } from '../../test/decoding/fixtures.ts'
import { securityEventForms } from '../../test/decoding/security-event-forms.ts'
import { report } from '../metrics/report.ts'

/**
 * `node bench/dialects/main.ts [--only PATTERN] [--out FILE]`: how many records of the fixtures of each dialect are decoded
 * in a second of CPU time of this process, which decodes on one core, parsing of the line included; beside it in a second
 * of wall time, which depends on what else the machine does. And which share of them is undecoded, of those that a source
 * does not skip by the prefilter.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    out: { type: 'string', default: 'bench/results/dialects.json' },
  },
})

/** CPU time of one measurement: ten collections of garbage or so. The fastest counts, because others are of a busy machine. */
const SECONDS = 0.1
const ROUNDS = 15

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
].filter(({ name, records }) => records.length > 0 && name.startsWith(values.only))

const { decode, prefilter } = createDispatcher(dialects)
const isWanted = prefilter === 'all' ? () => true : createTextTest(prefilter)

/** Seconds of CPU of this process. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

interface Speed {
  readonly ofCpu: number
  readonly ofWall: number
}

/** Records a second: whole passes over the records, until they have taken long enough. */
function speedOf(records: readonly RawRecord[]): Speed {
  const [cpu, begun] = [cpuSeconds(), performance.now()]
  let decoded = 0
  let taken = 0
  while (taken < SECONDS) {
    for (const record of records) decode(record)
    decoded += records.length
    taken = cpuSeconds() - cpu
  }
  return { ofCpu: decoded / taken, ofWall: (1000 * decoded) / (performance.now() - begun) }
}

function speedsOf(records: readonly RawRecord[]): Speed {
  const speeds = Array.from({ length: ROUNDS }, () => speedOf(records))
  const seconds = speeds.reduce((sum, { ofWall }) => sum + 1 / ofWall, 0) / ROUNDS
  return { ofCpu: Math.max(...speeds.map(({ ofCpu }) => ofCpu)), ofWall: 1 / seconds }
}

/** The reasons of the records that are undecoded, one for each record. */
const undecodedOf = (records: readonly RawRecord[]): readonly UndecodedReason[] =>
  records.flatMap(record => {
    const { decoding } = decode(record)
    const isRead = typeof record.body !== 'string' || isWanted(record.body)
    return isRead && decoding.kind === 'undecoded' && decoding.reason !== 'skipped' ? [decoding.reason] : []
  })

const countedByReason = (reasons: readonly UndecodedReason[]) =>
  [...Map.groupBy(reasons, reason => reason)].map(([reason, all]) => `${reason} ${all.length}`).join(', ')

/** Findings and facts of the snapshots: one record reports many. */
function reportedBy(records: readonly RawRecord[]): number {
  const snapshots = records.flatMap(record => {
    const { decoding } = decode(record)
    return decoding.kind === 'posture_snapshot' ? [decoding.snapshot] : []
  })
  return snapshots.reduce((sum, { findings, facts }) => sum + findings.length + Object.values(facts).flat().length, 0)
}

const bytesOf = ({ body }: RawRecord) => Buffer.byteLength(typeof body === 'string' ? body : JSON.stringify(body))
const thousands = (number: number) => Math.round(number / 1000) * 1000
const tenths = (number: number) => Math.round(number * 10) / 10

report(
  values.out,
  workloads.map(({ name, records }) => {
    const { ofCpu, ofWall } = speedsOf(records)
    const bytes = records.reduce((sum, record) => sum + bytesOf(record), 0) / records.length
    const undecoded = undecodedOf(records)
    return {
      dialect: name,
      fixtures: records.length,
      'bytes of a record': Math.round(bytes),
      'records a second of CPU': thousands(ofCpu),
      'of wall time': thousands(ofWall),
      'MiB a second of CPU': Math.round((ofCpu * bytes) / 2 ** 20),
      'findings and facts of a record': tenths(reportedBy(records) / records.length),
      'undecoded, %': tenths((undecoded.length / records.length) * 100),
      'because of': countedByReason(undecoded),
    }
  }),
)
