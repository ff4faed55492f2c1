import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { root } from './source-files.ts'

/** A house in which each file breaks one rule; `npm test` holds the real one to the same rules. */
const house: Record<string, string> = {
  'core/event.ts': "import '../service/clock.ts'",
  'core/hash.ts': "import 'node:crypto'\nimport './event.ts'",
  'service/clock.ts': "import type { Source } from '../exporter/source.ts'\nexport type Of = Source",
  'service/http.ts': "import 'node:http'",
  'decoding/toolkit/record.ts': "import type { Source } from '../../exporter/source.ts'\nexport type From = Source",
  'decoding/bytes.ts': "import 'node:buffer'\nimport './toolkit/record.ts'",
  'exporter/source.ts':
    "export type Source = typeof import('zod')\nexport type { Language } from '../policy/language.ts'",
  'exporter/sources/file.ts': "import 'node:fs'\nimport '../../decoding/toolkit/record.ts'",
  'exporter/reader.ts': "import 'node:fs/promises'",
  'exporter/lazy.ts': "export const load = () => import('node:net')",
  'exporter/fetcher.ts': "import 'fastify'",
  'policy/language.ts': "import type { Word } from './word.ts'\nexport type Language = Word",
  'policy/word.ts': "import type { Language } from './language.ts'\nexport type Word = Language",
  'remediation/app.ts': "import '../tools/build.ts'",
  'compliance/app.ts': "import 'fast-check'",
  'compliance/alone.ts': 'export {}',
  'compliance/lost.ts': "import './nowhere.ts'",
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
  it.each([
    ['core/event.ts', 'core-is-alone', 'core that imports another room'],
    ['core/hash.ts', 'core-is-pure', 'core that imports from Node.js'],
    ['service/clock.ts', 'service-knows-core', 'a type that service takes from a part'],
    ['decoding/toolkit/record.ts', 'decoding-knows-core', 'a type that decoding takes from a part'],
    ['decoding/bytes.ts', 'decoding-is-pure', 'decoding that imports from Node.js'],
    ['exporter/source.ts', 'exporter-knows-core-service-and-decoding', 'a type that one part hands on from another'],
    ['exporter/reader.ts', 'io-has-its-rooms', 'files that are read outside the rooms for it'],
    ['exporter/lazy.ts', 'io-has-its-rooms', 'sockets that are imported on demand'],
    ['exporter/fetcher.ts', 'io-has-its-rooms', 'a package that listens'],
    ['policy/language.ts', 'no-cycle', 'two files that need each other'],
    ['remediation/app.ts', 'product-stands-alone', 'a product that imports a tool'],
    ['compliance/app.ts', 'product-needs-no-development-dependency', 'a product that imports a test library'],
    ['compliance/alone.ts', 'no-orphan', 'a file that nothing needs'],
    ['compliance/lost.ts', 'resolvable', 'an import that leads nowhere'],
  ])('%s breaks %s: %s', (file, rule) => {
    expect(rulesBrokenBy(file)).toContain(rule)
  })

  it.each(['service/http.ts', 'exporter/sources/file.ts'])('lets %s reach outside the process', file => {
    expect(rulesBrokenBy(file)).toEqual([])
  })
})
