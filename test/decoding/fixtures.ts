import { readFileSync } from 'node:fs'
import { type ComposedLine, composeLine } from '../../decoding/dialects/openclaw-log/compose-line.ts'
import { readFileLayout } from '../../decoding/dialects/openclaw-log/layout.ts'
import { createTemplateIndex } from '../../decoding/dialects/openclaw-log/template-index.ts'
import { templates } from '../../decoding/dialects/openclaw-log/templates/catalogue.ts'
import type { Decoding } from '../../decoding/toolkit/record.ts'

const lines = (name: string): string[] =>
  readFileSync(new URL(`../fixtures/openclaw/${name}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')

/** The real file log, line by line. */
export const realLines = lines('openclaw-2026.9.6-file-log.real.jsonl')

/** The real security.event stream, line by line. */
export const realSecurityEvents = lines('security-events.real.jsonl')

/** Events of every other action, after OpenClaw's source. */
export const syntheticSecurityEvents = lines('security-events.synthetic.jsonl')

export interface SyntheticLine {
  readonly template: string
  readonly subsystem: string
  readonly level: ComposedLine['level']
  readonly text: string
  readonly meta?: Record<string, unknown>
  readonly beside?: Record<string, unknown>
  readonly verbose?: boolean
  /** The form of `summaryOf`. */
  readonly expected: string
}

/** Lines written after OpenClaw's source, where none was captured. */
export const syntheticLines: SyntheticLine[] = lines('synthetic-lines.jsonl').map(line => JSON.parse(line))

export const SYNTHETIC_TIME = Date.UTC(2026, 10, 22, 12)

/** A synthetic line in the layout of the file log. */
export function layOut(line: SyntheticLine): string {
  const { subsystem, level, text, meta } = line
  const composed = composeLine({
    subsystem,
    level,
    text,
    time: SYNTHETIC_TIME,
    host: 'gw-1',
    ...(meta === undefined ? {} : { meta }),
  })
  const record = { ...JSON.parse(composed), ...line.beside }
  return JSON.stringify(
    line.verbose ? { ...record, '0': { message: text }, '1': 'verbose', message: `${text} verbose` } : record,
  )
}

/** A decoding in one line: the form of `expected` in synthetic-lines.jsonl. */
export function summaryOf(decoding: Decoding): string {
  switch (decoding.kind) {
    case 'no_signal':
      return 'no_signal'
    case 'telemetry_lost':
      return `lost ${decoding.records}`
    case 'certificate':
      return `certificate ${decoding.subject} ${decoding.expires}`
    case 'posture_snapshot':
      return `snapshot ${decoding.snapshot.producer} ${decoding.snapshot.findings.length}`
    case 'device_state':
      return `device ${decoding.state.device}`
    case 'device_tokens':
      return `tokens ${decoding.tokens.length}`
    case 'configuration_change':
      return `configuration ${decoding.change.by} ${decoding.change.severity}`
    case 'tunnel':
      return `tunnel ${decoding.peer.name} ${decoding.peer.lastHandshake}`
    case 'undecoded':
      return `undecoded ${decoding.reason}`
    case 'claim': {
      const { signal, labels, count } = decoding.claim
      return [signal, ...Object.values(labels), ...(count === 1 ? [] : [`x${count}`])].join(' ')
    }
  }
}

const find = createTemplateIndex(templates)

/** Id of the template that reads a line of the file log, if any. */
export function templateOf(body: string): string | undefined {
  const line = readFileLayout(JSON.parse(body))
  if (line === undefined) return undefined
  const { text } = line
  return find(line)
    .filter(({ prefix }) => text.startsWith(prefix))
    .find(({ prefix, read }) => read(line, text.slice(prefix.length)) !== undefined)?.id
}
