import { describe, expect, it } from '@jest/globals'
import { readFileLayout } from '../../../../decoding/dialects/openclaw-log/layout.ts'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { layOut, realLines, realSecurityEvents, summaryOf, syntheticLines } from '../../fixtures.ts'
import { asConsoleLine, coloured } from '../../layouts.ts'

const dispatcher = createDispatcher(dialects)
const decode = (body: string | Record<string, unknown>) => dispatcher.decode({ id: '1', body })
const summary = (body: string | Record<string, unknown>) => summaryOf(decode(body).decoding)

/** Lines that a layout of their own would change: verbose ones are laid out already. */
const fileLines = [
  ...realLines,
  ...syntheticLines.filter(line => !line.verbose && line.beside === undefined).map(layOut),
]
const without = (line: string, ...keys: string[]) => {
  const record = JSON.parse(line)
  for (const key of keys) delete record[key]
  return record
}

describe('the layouts of one and the same line', () => {
  it('of the first releases, without message, hostname and trace, decodes to the same', () => {
    for (const line of fileLines) expect(summary(without(line, 'message', 'hostname', 'traceId'))).toBe(summary(line))
  })

  it('with colours, decodes to the same', () => {
    for (const line of fileLines) expect(summary(coloured(line))).toBe(summary(line))
  })

  it('as a document that a shipper has parsed, decodes to the same', () => {
    for (const line of [...fileLines, ...realSecurityEvents]) expect(summary(JSON.parse(line))).toBe(summary(line))
  })

  it('of the JSON console, decodes to the same', () => {
    for (const line of fileLines) {
      const { decoder, decoding } = decode(asConsoleLine(line))
      expect([decoder, summaryOf(decoding)]).toEqual(['openclaw-console', summary(line)])
    }
  })
})

describe('the layout of the file log', () => {
  const line = realLines[14] ?? ''

  it('takes the time with its offset, and the date of _meta where that is missing or unreadable', () => {
    const time = (fields: Record<string, unknown>) => readFileLayout({ ...JSON.parse(line), ...fields })?.time
    expect(time({ time: '2026-11-22T07:48:16.700+01:00' })).toBe(Date.parse('2026-11-22T06:48:16.700Z'))
    expect(time({ time: undefined })).toBe(Date.parse('2026-11-22T06:48:16.700Z'))
    expect(time({ time: '22/11/2026' })).toBe(Date.parse('2026-11-22T06:48:16.700Z'))
  })

  it('says bad_time when neither can be read', () => {
    const { decoding } = decode({ ...JSON.parse(line), time: '2026-11-22T06:48:16', _meta: { name: 'openclaw' } })
    expect(decoding).toEqual({ kind: 'undecoded', reason: 'bad_time' })
  })

  it('reads the whole argument where only `message` was cut', () => {
    const record = JSON.parse(line)
    const cut = { ...record, message: `${record.message.slice(0, 100)}...(truncated)` }
    expect(readFileLayout(cut)?.text).toBe(record.message)
  })

  it('says truncated_message when the end that a template needs is gone', () => {
    const record = without(realLines[13] ?? '', '1')
    const { decoding } = decode({ ...record, message: `${record.message.slice(0, 120)}...(truncated)` })
    expect(decoding).toMatchObject({ kind: 'undecoded', reason: 'truncated_message' })
  })

  it('reads the subsystem of modules and plugins, and none from a name that is not JSON', () => {
    const subsystem = (name: unknown) => readFileLayout({ message: 'x', _meta: { name } })?.subsystem
    expect(subsystem('{"module":"cron","storeKey":"s"}')).toBe('cron')
    expect(subsystem('{"plugin":"p1"}')).toBe('p1')
    expect(subsystem('{"subsystem":"gateway/\\u0077s"}')).toBe('gateway/ws')
    expect(subsystem('openclaw')).toBe('')
    expect(subsystem('{broken')).toBe('')
    expect(subsystem(7)).toBe('')
  })

  it.each([
    ['not_json', 'closed before connect conn='],
    ['not_json', line.slice(0, 900)],
    ['not_an_object', '[1,2]'],
    ['unknown_layout', '{"hello":"world"}'],
    ['unknown_layout', '{"_meta":7,"message":"x"}'],
    ['unknown_template', line.replaceAll('closed before connect', 'closed with thanks')],
  ])('says %s for %j', (reason, body) => {
    expect(decode(body).decoding).toMatchObject({ kind: 'undecoded', reason })
  })
})
