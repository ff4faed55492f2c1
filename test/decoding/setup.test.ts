import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { configSchema } from '../../cli/config-schema.ts'
import { parseConfig } from '../../core/config/parse.ts'
import { OWN_CONFIGURATION } from '../../decoding/dialects/setup.ts'
import { dialects } from '../../decoding/registry.ts'
import { reporters } from '../../exporter/sources/reporters.ts'

const root = new URL('../../', import.meta.url)

describe.each(reporters.map(one => [one.name, one] as const))('the dialect or source %s', (_, reporter) => {
  const { setup, samples } = reporter.documentation

  it('has the exact lines that make clawtrust read its records', () => {
    const own = setup.filter(({ where }) => where === OWN_CONFIGURATION)
    expect(own).toHaveLength(1)
    for (const { lines } of own) {
      expect(parseConfig(configSchema, lines.join('\n'), OWN_CONFIGURATION)).toMatchObject({ ok: true })
    }
    for (const { where, lines } of setup) {
      expect(where).not.toBe('')
      expect(lines.join('\n')).toMatch(/^[\x20-\x7e\n]+$/)
    }
  })

  it('names a test that exists, where the real program runs in one', () => {
    if (samples.test !== undefined) expect(existsSync(new URL(samples.test, root))).toBe(true)
  })

  it('has absolute paths of its program, or such in the home of a user', () => {
    const { configurations = [], logs = [] } = reporter.footprint ?? {}
    for (const path of [...configurations, ...logs]) expect(path).toMatch(/^(?:\/|~\/)/)
  })
})

/** The lines of a configuration as they are written there, but for their indentation. */
const linesOf = (text: string) => text.split('\n').map(line => line.trim().replaceAll('\t', ' '))

describe.each([
  ['nginx-access', 'deploy/nginx/log-format.conf', 'deploy/nginx/openclaw.conf'],
  ['nginx-error', 'deploy/nginx/openclaw.conf'],
  ['haproxy', 'deploy/haproxy/haproxy.cfg'],
  ['caddy', 'deploy/caddy/Caddyfile'],
  ['envoy', 'deploy/envoy/envoy.yaml'],
  ['traefik', 'deploy/traefik/traefik.yml'],
])('the lines to add of %s', (name, ...files) => {
  it('are those of the configuration in deploy, which the tests run', () => {
    const written = files.flatMap(file => linesOf(readFileSync(new URL(file, root), 'utf8')))
    const { setup } = dialects.find(dialect => dialect.name === name)?.documentation ?? { setup: [] }
    const added = setup.filter(({ where }) => where !== OWN_CONFIGURATION).flatMap(({ lines }) => lines)
    expect(added.length).toBeGreaterThan(0)
    expect(linesOf(added.join('\n')).filter(line => !written.includes(line))).toEqual([])
  })
})
