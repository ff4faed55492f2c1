import { readFileSync } from 'node:fs'
import type { Fields } from '../../decoding/toolkit/fields.ts'
import { layOut, realLines, realSecurityEvents, syntheticLines } from './fixtures.ts'
import { asConsoleLine, asOtelLine, coloured } from './layouts.ts'

/** Records of one dialect, which the contract test puts into every envelope; one claim at least is among them. */
export interface DialectFixtures {
  /** As they are in a file. */
  readonly lines?: readonly string[]
  /** As a shipper stores them parsed, where that is not what its line is. */
  readonly documents?: readonly Fields[]
}

const captured = (path: string): readonly string[] =>
  readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')

const madeUp = syntheticLines.map(layOut)
/** Lines that another layout does not change: verbose ones are laid out already. */
const plain = [...realLines, ...syntheticLines.filter(line => !line.verbose && line.beside === undefined).map(layOut)]

const signIn = {
  '@timestamp': '2026-11-23T10:00:00.000Z',
  event: { category: ['authentication'], type: ['start'], outcome: 'failure', reason: 'unauthorized' },
  user: { name: 'mallory', id: 'u-1' },
  device: { id: 'd-1' },
  source: { ip: '203.0.113.9' },
  http: { request: { method: 'POST' } },
}

/** The fixtures of every dialect, by its name. */
export const dialectFixtures: Readonly<Record<string, DialectFixtures>> = {
  'openclaw-file': { lines: [...realLines, ...madeUp, ...plain.map(coloured)] },
  'openclaw-console': { lines: plain.map(asConsoleLine) },
  'openclaw-otel': { lines: plain.flatMap(line => [asOtelLine(line, true), asOtelLine(line, false)]) },
  'security-event': { lines: realSecurityEvents.flatMap(line => [line, JSON.stringify(JSON.parse(line).event)]) },
  'nginx-access': { lines: captured('nginx/access.real.log') },
  'nginx-error': { lines: captured('nginx/error.real.log').filter(line => line.includes('SSL_do_handshake() failed')) },
  ecs: {
    documents: [
      signIn,
      { ...signIn, event: { ...signIn.event, outcome: 'success' }, http: undefined, client: { ip: '203.0.113.9' } },
      { '@timestamp': signIn['@timestamp'], 'event.category': 'authentication', 'event.outcome': 'failure' },
    ],
  },
}
