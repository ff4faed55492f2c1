import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { floors, rooms } from '../../.dependency-cruiser.js'
import { root } from './source-files.ts'

/** A house in which each file breaks one rule; `npm test` holds the real one to the same rules. */
const house: Record<string, string> = {
  'core/event.ts': "import '../service/clock.ts'",
  'core/hash.ts': "import 'node:crypto'\nimport './event.ts'",
  'service/clock.ts': "import type { Source } from '../exporter/source.ts'\nexport type Of = Source",
  'service/http.ts': "import 'node:http'",
  'service/outbox.ts': "import type { Delivery } from './delivery.ts'\nexport type Outbox = Delivery",
  'service/delivery.ts': "import type { Outbox } from './outbox.ts'\nexport type Delivery = Outbox",
  'decoding/toolkit/record.ts': "import type { Source } from '../../exporter/source.ts'\nexport type From = Source",
  'decoding/bytes.ts': "import 'node:buffer'\nimport './toolkit/record.ts'",
  'exporter/source.ts': "export type Source = typeof import('zod')\nexport type { Rule } from '../remediation/rule.ts'",
  'exporter/sources/file.ts': "import 'node:fs'\nimport '../../decoding/toolkit/record.ts'",
  'exporter/reader.ts': "import 'node:fs/promises'",
  'exporter/lazy.ts': "export const load = () => import('node:net')",
  'exporter/fetcher.ts': "import 'fastify'",
  'remediation/domain/alert.ts': "import '../store/ledger.ts'",
  'remediation/store/ledger.ts': "import '../app.ts'",
  'remediation/rule.ts': "import '../cli/main.ts'\nexport type Rule = string",
  'remediation/app.ts': "import '../tools/build.ts'",
  'elastic/setup.ts': "import '../exporter/source.ts'",
  'elastic/check.ts': "import 'fast-check'",
  'elastic/alone.ts': 'export {}',
  'elastic/lost.ts': "import './nowhere.ts'",
  'alert-rules/groups.ts': "import '../remediation/app.ts'",
  'dashboards/panel.ts': "import 'node:fs'",
  'dashboards/render.ts': "import 'fast-check'",
  'cli/main.ts': "import '../exporter/source.ts'\nimport '../dashboards/panel.ts'",
  'tools/build.ts': 'export {}',
}

interface Violation {
  readonly from: string
  readonly rule: { readonly name: string }
}

let folder: string
let rulesBrokenBy: (file: string) => string[]

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawtrust-house-'))
  for (const [path, text] of Object.entries(house)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true })
    writeFileSync(join(folder, path), `${text}\n`)
  }
  for (const file of ['.dependency-cruiser.js', 'package.json']) copyFileSync(join(root, file), join(folder, file))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const { stdout } = spawnSync(process.execPath, [cruiser, '--output-type', 'json', '.'], {
    cwd: folder,
    encoding: 'utf8',
  })
  const violations: Violation[] = JSON.parse(stdout).summary.violations
  rulesBrokenBy = file => violations.filter(({ from }) => from === file).map(({ rule }) => rule.name)
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the rules of the house', () => {
  it.each(rooms.map(({ name }) => name))('are about a room that exists: %s', name => {
    expect(existsSync(join(root, name))).toBe(true)
  })

  it.each(Object.entries(floors))('give every folder of %s its floor', (part, order) => {
    const folders = readdirSync(join(root, part), { withFileTypes: true }).filter(entry => entry.isDirectory())
    const found = folders.map(({ name }) => name).filter(name => readdirSync(join(root, part, name)).length > 0)
    expect(found.sort()).toEqual(order.map(({ name }) => name).sort())
  })

  it.each([
    ['core/event.ts', 'imports-of-core', 'core that imports another room'],
    ['core/hash.ts', 'core-is-pure', 'core that imports from Node.js'],
    ['service/clock.ts', 'imports-of-service', 'a type that service takes from a part'],
    ['decoding/toolkit/record.ts', 'imports-of-decoding', 'a type that decoding takes from a part'],
    ['decoding/bytes.ts', 'decoding-is-pure', 'decoding that imports from Node.js'],
    ['service/delivery.ts', 'no-cycle', 'two files that need each other'],
    ['exporter/source.ts', 'imports-of-exporter', 'a type that one part hands on from another'],
    ['exporter/reader.ts', 'io-has-its-rooms', 'files that are read outside the rooms for it'],
    ['exporter/lazy.ts', 'io-has-its-rooms', 'sockets that are imported on demand'],
    ['exporter/fetcher.ts', 'io-has-its-rooms', 'a package that listens'],
    ['remediation/rule.ts', 'imports-of-remediation', 'a part that imports the command line'],
    ['remediation/domain/alert.ts', 'floor-of-remediation-domain', 'a folder that imports a later one'],
    ['remediation/store/ledger.ts', 'floor-of-remediation-store', 'a folder that imports a file above all folders'],
    ['remediation/app.ts', 'product-stands-alone', 'a product that imports a tool'],
    ['elastic/setup.ts', 'imports-of-elastic', 'a part that imports another part'],
    ['elastic/check.ts', 'product-needs-no-development-dependency', 'a product that imports a test library'],
    ['elastic/alone.ts', 'no-orphan', 'a file that nothing needs'],
    ['elastic/lost.ts', 'resolvable', 'an import that leads nowhere'],
    ['alert-rules/groups.ts', 'imports-of-alert-rules', 'alert rules that import a part'],
    ['dashboards/panel.ts', 'io-has-its-rooms', 'dashboards that read files'],
    ['cli/main.ts', 'imports-of-cli', 'a command that imports what is not shipped'],
  ])('%s breaks %s: %s', (file, rule) => {
    expect(rulesBrokenBy(file)).toContain(rule)
  })

  it.each(['service/http.ts', 'exporter/sources/file.ts', 'dashboards/render.ts'])('lets %s be as it is', file => {
    expect(rulesBrokenBy(file)).toEqual([])
  })
})
