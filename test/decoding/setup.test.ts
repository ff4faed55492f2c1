import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { configSchema } from '../../cli/config-schema.ts'
import { parseConfig } from '../../core/config/parse.ts'
import { logFormat } from '../../decoding/dialects/nginx/setup.ts'
import { OWN_CONFIGURATION } from '../../decoding/dialects/setup.ts'
import { dialects } from '../../decoding/registry.ts'

const root = new URL('../../', import.meta.url)

describe.each(dialects.map(dialect => [dialect.name, dialect] as const))('dialect %s', (_, dialect) => {
  const { setup, samples } = dialect.documentation

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
    const { configurations = [], logs = [] } = dialect.footprint ?? {}
    for (const path of [...configurations, ...logs]) expect(path).toMatch(/^(?:\/|~\/)/)
  })
})

describe('the log format of nginx', () => {
  it('is that of deploy/nginx/log-format.conf', () => {
    const lines = readFileSync(new URL('deploy/nginx/log-format.conf', root), 'utf8').trimEnd().split('\n')
    expect(lines.filter(line => !line.startsWith('#'))).toEqual(logFormat)
  })
})
