import { readFileSync } from 'node:fs'
import { appendFile, copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../../core/clock.ts'
import { elasticsearchConnectionKeys } from '../../../core/config/elasticsearch.ts'
import type { Delivery, Source } from '../../../exporter/contracts/source.ts'
import type { SourceDependencies } from '../../../exporter/contracts/source-kind.ts'
import { createElasticsearchSource } from '../../../exporter/sources/elasticsearch/source.ts'
import type { SourceConfig } from '../../../exporter/sources/registry.ts'
import { NOON, options } from './elasticsearch/model-exporter.ts'
import { ModelIndex } from './elasticsearch/model-index.ts'
import { deliveryOf, lineOfFile, requestOf } from './otlp/requests.ts'

/** The value of the key `gateway` of each source that is made. */
export const GATEWAY = 'edge-1'

/** Some input, and sources that read it. Each of its records is one of OpenClaw's log, in the form in which the source meets it. */
export interface SourceInput {
  readonly clock: Clock
  /**
   * A source at the start of a process; all that are made read the same input.
   *
   * @param create a source of the kind, from keys of the configuration; it adds `gateway`
   */
  make(create: (keys: object, dependencies: Partial<SourceDependencies>) => Promise<Source>): Promise<Source>
  /** Adds records, in the life of a source or between two. */
  grow(): Promise<void>
  /** Makes the input unavailable, and available again. Absent where it is part of the program. */
  readonly outage?: { begin(): Promise<void>; end(): Promise<void> }
  close(): Promise<void>
}

export interface SourceFixture {
  /** The least that must be configured beside `type` and `name`, with relative paths. */
  readonly keys: object
  /** Keys that are read only when the source connects, by a module with tests of its own. */
  readonly connectionKeys?: readonly string[]
  /** Keys that hold paths, as they are when the configuration lies in /etc. */
  readonly paths: object
  /** True where senders deliver the records: that none can reach the source is not noticed. */
  readonly pushed?: true
  /** Records that a first start counts (at least this number without durability), and how many `grow` adds. */
  readonly records: number
  readonly added: number
  open(): Promise<SourceInput>
}

const captured = readFileSync(
  new URL('../../fixtures/openclaw/openclaw-2026.9.6-file-log.real.jsonl', import.meta.url),
  'utf8',
).split('\n')

/** A line of OpenClaw's log, as it wrote it. */
const line = (number: number) => `${captured[number]}\n`

const file: SourceFixture = {
  keys: { paths: ['logs/*.log', '/var/log/gateway.log'] },
  paths: { paths: ['/etc/logs/*.log', '/var/log/gateway.log'] },
  records: 5,
  added: 2,
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'clawtrust-source-'))
    const logs = join(folder, 'logs')
    const path = join(logs, 'gateway.log')
    await mkdir(logs)
    await writeFile(path, [0, 1, 2, 3, 4].map(line).join(''))
    return {
      clock: { now: () => Date.now(), monotonic: () => performance.now() },
      make: create => create({ paths: [path] }, {}),
      grow: () => appendFile(path, line(5) + line(6)),
      outage: {
        begin: () => rename(logs, join(folder, 'away')),
        end: () => rename(join(folder, 'away'), logs),
      },
      close: () => rm(folder, { recursive: true }),
    }
  },
}

const elasticsearch: SourceFixture = {
  keys: { index: ['logs-*'], nodes: ['https://es:9200'], ca_file: 'ca.pem', api_key_file: '/run/key' },
  connectionKeys: Object.keys(elasticsearchConnectionKeys),
  paths: { ca_file: '/etc/ca.pem', api_key_file: '/run/key' },
  // What is stored before the first start is left to the backfill.
  records: 0,
  added: 2,
  async open() {
    const time = { now: NOON, passed: 0 }
    const clock = { now: () => time.now, monotonic: () => time.passed }
    const index = new ModelIndex(time)
    const away = () => {
      throw new Error('the server is away')
    }
    const put = (number: number) =>
      index.put({ id: `d${number}`, ingested: time.now, source: JSON.parse(line(number)) })
    return {
      clock,
      // The search client is left out: how it connects is tested with it.
      make: async () =>
        createElasticsearchSource(
          { ...options, gateway: GATEWAY },
          {
            session: {
              asked: { index: ['logs-*'], address: 'http://es:9200' },
              connect: async () => index.client,
              check: async () => undefined,
            },
            clock,
            logger: { info() {}, warn() {} },
            random: () => 0.5,
            sleep: async milliseconds => {
              time.now += milliseconds
              time.passed += milliseconds
              await new Promise(resolve => setImmediate(resolve))
            },
          },
        ),
      grow: async () => {
        for (const number of [5, 6]) put(number)
      },
      outage: {
        begin: async () => {
          index.onRequest = away
        },
        end: async () => {
          index.onRequest = () => undefined
        },
      },
      close: async () => undefined,
    }
  },
}

/** A sender that repeats each request to every source, as one does whose answers are lost, until it is answered by a commit. */
const otlp: SourceFixture = {
  keys: {},
  paths: {},
  pushed: true,
  records: 5,
  added: 2,
  async open() {
    let now = NOON
    const clock = { now: () => now, monotonic: () => now - NOON }
    const nextTurn = () => new Promise(resolve => setImmediate(resolve))
    const sleep = async (milliseconds: number) => {
      now += milliseconds
      await nextTurn()
    }
    const ofLines = (...numbers: readonly number[]) =>
      deliveryOf(requestOf(numbers.map(number => lineOfFile(line(number).trimEnd(), NOON))), 'protobuf')
    const sent = [ofLines(0, 1, 2, 3, 4)]
    let isClosed = false
    const deliver = async (source: Source, delivery: Delivery) => {
      while (!isClosed && (await source.receive?.(delivery))?.outcome === 'unavailable') await nextTurn()
    }
    return {
      clock,
      make: async create => {
        const source = await create({ lateness: '5s' }, { sleep })
        for (const delivery of sent) void deliver(source, delivery)
        return source
      },
      grow: async () => {
        sent.push(ofLines(5, 6))
      },
      close: async () => {
        isClosed = true
      },
    }
  },
}

const posture: SourceFixture = {
  keys: { path: 'snapshots' },
  paths: { path: '/etc/snapshots' },
  records: 5,
  added: 2,
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'clawtrust-source-'))
    const snapshots = join(folder, 'snapshots')
    await mkdir(snapshots)
    const put = (number: number) => writeFile(join(snapshots, `${number}.json`), line(number))
    for (const number of [0, 1, 2, 3, 4]) await put(number)
    return {
      clock: { now: () => Date.now(), monotonic: () => performance.now() },
      make: create => create({ path: snapshots }, { sleep: () => new Promise(resolve => setTimeout(resolve, 5)) }),
      grow: async () => {
        // At once: a look that finds one of them only brings the other one next time.
        for (const number of [5, 6]) await put(number)
      },
      outage: {
        begin: () => rename(snapshots, join(folder, 'away')),
        end: () => rename(join(folder, 'away'), snapshots),
      },
      close: () => rm(folder, { recursive: true }),
    }
  },
}

const recording: SourceFixture = {
  keys: { recording: 'capture' },
  paths: {},
  records: 1,
  added: 0,
  async open() {
    let now = NOON
    const clock = { now: () => now, monotonic: () => now - NOON }
    const sleep = async (milliseconds: number) => {
      now += milliseconds
      await new Promise(resolve => setImmediate(resolve))
    }
    return {
      clock,
      make: create => create({ recording: 'capture' }, { sleep }),
      grow: async () => undefined,
      close: async () => undefined,
    }
  },
}

/** A clock by which each pause of a source passes, which takes 5 ms. */
function pausedClock() {
  let passed = 0
  return {
    clock: { now: () => Date.now() + passed, monotonic: () => performance.now() + passed },
    sleep: async (milliseconds: number) => {
      passed += milliseconds
      await new Promise(resolve => setTimeout(resolve, 5))
    },
  }
}

const certificates: SourceFixture = {
  keys: { files: ['tls/a.pem'], endpoints: [{ address: 'gw.example:443', ca_file: 'ca.pem' }] },
  paths: {
    files: ['/etc/tls/a.pem'],
    endpoints: [{ address: { host: 'gw.example', port: 443 }, ca_file: '/etc/ca.pem' }],
  },
  records: 5,
  // The certificate, and that it is another one.
  added: 2,
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'clawtrust-source-'))
    const tls = join(folder, 'tls')
    await mkdir(tls)
    const files = [0, 1, 2, 3, 4].map(number => join(tls, `${number}.pem`))
    for (const path of files) await copyFile(pem('self-signed'), path)
    const { clock, sleep } = pausedClock()
    return {
      clock,
      make: create => create({ files, endpoints: [], interval: '1m' }, { sleep }),
      grow: () => copyFile(pem('self-signed-renewed'), files[2] as string),
      outage: {
        begin: () => rename(tls, join(folder, 'away')),
        end: () => rename(join(folder, 'away'), tls),
      },
      close: () => rm(folder, { recursive: true }),
    }
  },
}

const pem = (name: string) => new URL(`../../fixtures/certificates/${name}.pem`, import.meta.url)

const wireguard: SourceFixture = {
  keys: { path: 'wg.dump' },
  paths: { path: '/etc/wg.dump' },
  records: 5,
  added: 2,
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'clawtrust-source-'))
    const path = join(folder, 'wg.dump')
    const { clock, sleep } = pausedClock()
    const handshakes = [1, 1, 1, 1, 1]
    const write = () => {
      const peers = handshakes.map(
        (time, number) =>
          `wg0\t${`peer${number}`.padEnd(43, 'A')}=\t(none)\t(none)\t10.77.0.9/32\t${time}\t0\t0\toff\n`,
      )
      return writeFile(path, `wg0\t(none)\t(none)\t51820\toff\n${peers.join('')}`)
    }
    await write()
    return {
      clock,
      make: create => create({ path, interval: '5s' }, { sleep }),
      grow: () => {
        handshakes.splice(3, 2, 2, 2)
        return write()
      },
      outage: {
        begin: () => rename(path, join(folder, 'away')),
        end: () => rename(join(folder, 'away'), path),
      },
      close: () => rm(folder, { recursive: true }),
    }
  },
}

/** One for each kind: without it this does not compile. */
export const sourceFixtures: Readonly<Record<SourceConfig['type'], SourceFixture>> = {
  file,
  elasticsearch,
  otlp,
  posture,
  certificates,
  wireguard,
  recording,
}
