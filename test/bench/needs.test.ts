import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from '@jest/globals'
import { esExporter, missing, nab, programs } from '../../bench/needs.ts'
import { read, repositoryFiles } from '../structure/source-files.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const empty = mkdtempSync(join(tmpdir(), 'clawtrust-needs-'))
afterAll(() => rmSync(empty, { recursive: true, force: true }))

describe('what a bench needs', () => {
  it('is named in one sentence each where it is missing, with how to install it', () => {
    expect(missing(Object.values(programs), empty)).toEqual([
      'mtail (the peer of this bench) is missing; install the Debian package: apt-get install mtail.',
      'taskset (it gives each side a core of its own) is missing; install the Debian package: apt-get install util-linux.',
      'ip (it makes a network namespace) is missing; install the Debian package: apt-get install iproute2.',
      'nft (the firewall that is measured) is missing; install the Debian package: apt-get install nftables.',
      'mvn (it downloads Elasticsearch) is missing; install the Debian package: apt-get install maven.',
      'prometheus (it holds the metrics that are read) is missing; install the Debian package: apt-get install prometheus.',
      'promtool (it fills Prometheus) is missing; install the Debian package: apt-get install prometheus.',
      'unzip (it unpacks Elasticsearch) is missing; install the Debian package: apt-get install unzip.',
    ])
  })

  it('is not missing where it is on the PATH, or where its path leads', () => {
    writeFileSync(join(empty, 'mtail'), '#!/bin/sh\n', { mode: 0o755 })
    expect(missing([programs.mtail], `/nowhere:${empty}`)).toEqual([])
    expect(missing([esExporter(join(empty, 'mtail'))], '')).toEqual([])
    // A file that is not executable is no program.
    writeFileSync(join(empty, 'nft'), '')
    expect(missing([programs.nft], empty)).toHaveLength(1)
    rmSync(join(empty, 'mtail'))
  })
})

/** Each bench that needs something, with its first sentence on a machine that has nothing. */
const benches: readonly [bench: string, args: readonly string[], sentence: string][] = [
  ['file-source/main.ts', [], missing([programs.mtail], '')[0] ?? ''],
  ['compliance/main.ts', [], missing([programs.prometheus], '')[0] ?? ''],
  ['elasticsearch/main.ts', [], missing([programs.mvn], '')[0] ?? ''],
  ['policy/shadow.ts', [], missing([programs.mvn], '')[0] ?? ''],
  [
    'elasticsearch/history.ts',
    ['--program', '/nowhere/main.js'],
    '/nowhere/main.js (the exporter that is measured) is missing; build it: npm run build.',
  ],
  [
    'elasticsearch/backlog.ts',
    ['--program', '/nowhere/main.js'],
    '/nowhere/main.js (the exporter that is measured) is missing; build it: npm run build.',
  ],
  [
    'otlp/main.ts',
    ['--program', '/nowhere/main.js'],
    '/nowhere/main.js (the exporter that is measured) is missing; build it: npm run build.',
  ],
  ['elasticsearch/peer.ts', [], missing([esExporter()], '')[0] ?? ''],
  ['remediation/main.ts', [], missing([programs.taskset], '')[0] ?? ''],
  ['anomaly/nab.ts', ['--data', '/nowhere'], missing([nab('/nowhere')], '')[0] ?? ''],
  ['anomaly/real-counts.ts', ['--data', '/nowhere'], missing([nab('/nowhere')], '')[0] ?? ''],
]

describe('a bench on a machine that lacks what it needs', () => {
  const env = { ...process.env, PATH: empty, HOME: empty, TMPDIR: empty, CLAWTRUST_CACHE: empty, ES_URL: undefined }

  it.each(benches)('%s says so in a sentence and ends with 2, before it measures', (bench, args, sentence) => {
    const file = join(root, 'bench', bench)
    const flags = ['--disable-warning=ExperimentalWarning']
    const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, file, ...args], { encoding: 'utf8', env })
    expect({ status, stdout, said: stderr.split('\n')[0] }).toEqual({ status: 2, stdout: '', said: sentence })
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  it('is every bench that starts a program or a server', () => {
    const needing = repositoryFiles().filter(
      path => /^bench\/.*\.ts$/.test(path) && /\b(?:demand|openServer)\(/.test(read(path)),
    )
    const known = [
      ...benches.map(([bench]) => `bench/${bench}`),
      'bench/elasticsearch/server.ts',
      'bench/elasticsearch/steady.ts',
      'bench/needs.ts',
    ]
    expect(needing.toSorted()).toEqual(known.toSorted())
  })
})
