import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ClawtrustError } from '../../../core/errors.ts'
import { Secret } from '../../../core/secret.ts'
import { createLogger, type LogFormat, type LogLevel } from '../../../service/log/logger.ts'
import { codePoint } from '../../code-point.ts'

function captured(format: LogFormat, level: LogLevel = 'debug') {
  const lines: string[] = []
  const logger = createLogger({ format, level, destination: { write: line => lines.push(line) } })
  return { lines, logger }
}

const secret = new Secret('hunter2')

// biome-ignore lint/suspicious/noControlCharactersInRegex: what must never reach a terminal
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

describe('the logger', () => {
  it('writes time, level, message and fields as logfmt', () => {
    const { lines, logger } = captured('logfmt')
    logger.with({ component: 'http' }).info('listening on a port', { port: 9847, tls: { on: false } })
    expect(lines[0]).toMatch(
      /^level=info time=\d{4}-[^ ]+Z component=http port=9847 tls\.on=false msg="listening on a port"\n$/,
    )
  })

  it('writes the same as JSON', () => {
    const { lines, logger } = captured('json')
    logger.with({ component: 'http' }).warn('slow', { seconds: 2 })
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', msg: 'slow', component: 'http', seconds: 2 })
  })

  it('leaves out what is below its level', () => {
    const { lines, logger } = captured('logfmt', 'warn')
    logger.info('quiet')
    logger.error('loud')
    expect(lines).toHaveLength(1)
  })

  it.each(['logfmt', 'json'] as const)('prints secrets as their type does in %s', format => {
    const { lines, logger } = captured(format)
    logger.info('connecting', { password: secret, nested: { secret } })
    expect(lines[0]).toContain('<secret>')
    expect(lines[0]).not.toContain('hunter2')
  })

  it('tells code and sentence of our own errors and the stack of others', () => {
    const { lines, logger } = captured('logfmt')
    logger.error('refused', { error: new ClawtrustError('CONFIG_INVALID', 'port must be a number') })
    logger.error('broken', { error: new TypeError('x is not a function') })
    expect(lines[0]).toContain('error.code=CONFIG_INVALID error.message="port must be a number" msg=refused')
    expect(lines[0]).not.toContain('stack')
    expect(lines[1]).toContain('error.name=TypeError')
    expect(lines[1]).toContain('error.stack=')
  })

  it('does not expand a format directive that an attacker wrote', () => {
    const { lines, logger } = captured('json')
    logger.info('%s %j %o')
    expect(JSON.parse(lines[0] ?? '').msg).toBe('%s %j %o')
  })

  it.each(['logfmt', 'json'] as const)('keeps any text on one line without control characters in %s', format => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), fc.string({ unit: codePoint }), (message, value) => {
        const { lines, logger } = captured(format)
        logger.info(`${message}\u001b[31m\u202e`, { value: `${value}\r\nlevel=error msg=forged\u0085` })
        expect(lines).toHaveLength(1)
        expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1)
        expect(lines[0]).not.toMatch(OBEYED)
      }),
    )
  })

  it('gives back the very text from JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), value => {
        const { lines, logger } = captured('json')
        logger.info('m', { value })
        expect(JSON.parse(lines[0] ?? '').value).toBe(value)
      }),
    )
  })

  it('does not let a hostile key end its pair', () => {
    const { lines, logger } = captured('logfmt')
    logger.info('counted', { by: { 'a=1 level=error\n': 3 } })
    expect(lines[0]).toContain('by.a_1_level_error_=3 ')
  })
})
