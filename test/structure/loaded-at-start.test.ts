import { join } from 'node:path/posix'
import { describe, expect, it } from '@jest/globals'
import { read, repositoryFiles } from './source-files.ts'

/** What a module loads at once; `import()` and imports of types load nothing. */
const LOADED = /^(?:import|export)(?! type\b)(?:[\w\s{},*$]*? from)? '([^'\n]+)'/gm

const loadedBy = (file: string): string[] => [...read(file).matchAll(LOADED)].map(([, name = '']) => name)

/** Every file and every package that these files load, also by others. */
function loaded(...starts: readonly string[]) {
  const files = new Set<string>()
  const packages = new Set<string>()
  const pending = [...starts]
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (files.has(file)) continue
    files.add(file)
    for (const name of loadedBy(file)) {
      if (name.startsWith('.')) pending.push(join(file, '..', name))
      else if (!name.startsWith('node:')) packages.add(name)
    }
  }
  return { files: [...files].sort(), packages: [...packages].sort() }
}

describe('at its start', () => {
  it('clawtrust loads no command: the help, the version and a wrong command need none', () => {
    const { files, packages } = loaded('cli/main.ts', 'cli/start.ts')
    expect(packages).toEqual(['commander'])
    expect(files.length).toBeLessThan(20)
  })

  it('a group of commands loads none of them', () => {
    for (const group of ['cli/policy.ts', 'cli/elastic.ts']) expect(loaded(group).packages).toEqual(['commander'])
  })

  it('the schema of the configuration loads of a source only how it is configured, and no dialect', () => {
    const { files } = loaded('cli/config-schema.ts')
    const ofSources = files.filter(file => /^exporter\/sources\/[\w-]+\//.test(file))
    expect(ofSources).not.toEqual([])
    expect(ofSources.filter(file => !/\/(?:kind|config|reporter)\.ts$/.test(file))).toEqual([])
    expect(files).not.toContain('decoding/registry.ts')
  })

  it.each([
    [
      ['cli/exporter.ts', 'cli/exporter-service.ts'],
      ['protobufjs/minimal.js', 'simple-statistics'],
    ],
    [['cli/remediation.ts', 'remediation/app.ts'], []],
  ])('a service loads the libraries that every configuration needs, and no others: %j', (starts, own) => {
    const needed = [
      'commander',
      'croner',
      'fastest-levenshtein',
      'fastify',
      'ipaddr.js',
      'pino',
      'prom-client',
      'yaml',
      'zod',
    ]
    expect(loaded(...starts).packages).toEqual([...needed, ...own].sort())
  })

  it('the policy language is loaded only where a policy is configured', () => {
    const { files } = loaded('cli/exporter.ts', 'cli/exporter-service.ts')
    expect(files.filter(file => /^policy\/(?:language|decide)\//.test(file))).toEqual([])
  })

  it('nothing imports node:http by value, which loads the client of WebSockets too', () => {
    const product = repositoryFiles().filter(path =>
      /^(?:cli|compliance|core|decoding|elastic|exporter|policy|promql|remediation|service)\/.*\.ts$/.test(path),
    )
    expect(product.filter(path => loadedBy(path).includes('node:http'))).toEqual([])
  })
})
