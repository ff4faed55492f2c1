import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readOpenclawConfig } from '../../cli/openclaw-config.ts'

describe("OpenClaw's configuration", () => {
  it('is read as JSON5, whose comments configure nothing', () => {
    const text = `// "logging": { "file": "/no" }
{
\tgateway: { auth: { token: 'hunter2 // not a comment' } }, /* diagnostics: { otel: { enabled: true, logs: true } } */
  logging: { file: "/var/log/openclaw/gateway.log", consoleStyle: 'json', },
  diagnostics: { otel: { enabled: true, logs: true } },
}`
    expect(readOpenclawConfig(text)).toEqual({
      logFile: '/var/log/openclaw/gateway.log',
      hasJsonConsole: true,
      exportsLogs: true,
    })
  })

  it.each([
    ['{}', { hasJsonConsole: false, exportsLogs: false }],
    [
      '{"logging":{"file":7,"consoleStyle":"pretty"},"diagnostics":null}',
      { hasJsonConsole: false, exportsLogs: false },
    ],
    ['{"diagnostics":{"otel":{"enabled":true}}}', { hasJsonConsole: false, exportsLogs: false }],
    ['', undefined],
    ['{"logging": ', undefined],
    ['[*a, &a x]', undefined],
  ])('%s', (text, expected) => {
    expect(readOpenclawConfig(text)).toEqual(expected)
  })

  it('never fails, whatever its text is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), text => {
        const { logFile } = readOpenclawConfig(text) ?? {}
        expect(logFile === undefined || typeof logFile === 'string').toBe(true)
      }),
    )
  })
})
