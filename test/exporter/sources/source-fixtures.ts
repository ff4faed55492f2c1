import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../../core/clock.ts'
import type { Source } from '../../../exporter/contracts/source.ts'
import type { SourceDependencies } from '../../../exporter/contracts/source-kind.ts'
import { createElasticsearchSource } from '../../../exporter/sources/elasticsearch/source.ts'
import type { SourceConfig } from '../../../exporter/sources/registry.ts'
import { NOON, options } from './elasticsearch/model-exporter.ts'
import { ModelIndex } from './elasticsearch/model-index.ts'

/** Some input, and sources that read it. */
export interface SourceInput {
  readonly clock: Clock
  /**
   * A source at the start of a process; all that are made read the same input.
   *
   * @param create a source of the kind, from keys of the configuration
   */
  make(create: (keys: object, dependencies: Partial<SourceDependencies>) => Promise<Source>): Promise<Source>
  /** Adds records, in the life of a source or between two. */
  grow(): Promise<void>
  close(): Promise<void>
}

export interface SourceFixture {
  /** The least that must be configured beside `type` and `name`, with relative paths. */
  readonly keys: object
  /** Keys that hold paths, as they are when the configuration lies in /etc. */
  readonly paths: object
  /** Records that a first start counts, and how many `grow` adds. */
  readonly records: number
  readonly added: number
  open(): Promise<SourceInput>
}

const line = (number: number) => `${JSON.stringify({ number })}\n`

const file: SourceFixture = {
  keys: { paths: ['logs/*.log', '/var/log/gateway.log'] },
  paths: { paths: ['/etc/logs/*.log', '/var/log/gateway.log'] },
  records: 5,
  added: 2,
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'clawtrust-source-'))
    const path = join(folder, 'gateway.log')
    await writeFile(path, [0, 1, 2, 3, 4].map(line).join(''))
    return {
      clock: { now: () => Date.now(), monotonic: () => performance.now() },
      make: create => create({ paths: [path] }, {}),
      grow: () => appendFile(path, line(5) + line(6)),
      close: () => rm(folder, { recursive: true }),
    }
  },
}

const elasticsearch: SourceFixture = {
  keys: { index: ['logs-*'], nodes: ['https://es:9200'], ca_file: 'ca.pem', api_key_file: '/run/key' },
  paths: { ca_file: '/etc/ca.pem', api_key_file: '/run/key' },
  // What is stored before the first start is left to the backfill.
  records: 0,
  added: 2,
  async open() {
    const time = { now: NOON, passed: 0 }
    const clock = { now: () => time.now, monotonic: () => time.passed }
    const index = new ModelIndex(time)
    const put = (number: number) => index.put({ id: `d${number}`, ingested: time.now })
    return {
      clock,
      // The search client is left out: how it connects is tested with it.
      make: async () =>
        createElasticsearchSource(options, {
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
        }),
      grow: async () => {
        for (const number of [5, 6]) put(number)
      },
      close: async () => undefined,
    }
  },
}

const recording: SourceFixture = {
  keys: { recording: 'capture' },
  paths: {},
  records: 0,
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

/** One for each kind: without it this does not compile. */
export const sourceFixtures: Readonly<Record<SourceConfig['type'], SourceFixture>> = { file, elasticsearch, recording }
