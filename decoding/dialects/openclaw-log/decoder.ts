import type { Decoding, Stream, UndecodedReason } from '../../record.ts'
import { type Fields, readBody } from '../../toolkit/fields.ts'
import type { Decoder } from '../dialect.ts'
import { readConsoleLayout } from './console-layout.ts'
import { readFileLayout } from './layout.ts'
import { isTruncated, type LogLine } from './log-line.ts'
import { readOtelLayout } from './otel-layout.ts'
import type { Told } from './template.ts'
import { createTemplateIndex, type FindTemplates } from './template-index.ts'
import { templates } from './templates/catalogue.ts'
import { wantedTexts } from './wanted.ts'

/** The decoder of OpenClaw's file log (JSON lines with `_meta`). */
export function createFileLogDecoder(): Decoder {
  return createLogDecoder('openclaw-file', fields => '_meta' in fields, readFileLayout)
}

/** The decoder of OpenClaw's JSON console (`logging.consoleStyle: json`), which writes the same messages. */
export function createConsoleDecoder(): Decoder {
  return createLogDecoder('openclaw-console', fields => readConsoleLayout(fields) !== undefined, readConsoleLayout)
}

/** The decoder of OpenClaw's log as its plugin `diagnostics-otel` exports it, with or without the messages. */
export function createOtelLogDecoder(): Decoder {
  const recognises = (fields: Fields) => readOtelLayout(fields) !== undefined
  return createLogDecoder('openclaw-otel', recognises, readOtelLayout, 'otel-log')
}

function createLogDecoder(
  name: string,
  recognises: (fields: Fields) => boolean,
  readLayout: (fields: Fields) => LogLine | undefined,
  stream: Stream = 'file-log',
): Decoder {
  const find = createTemplateIndex(templates)
  return {
    name,
    wanted: wantedTexts,
    decode: record => {
      const fields = readBody(record.body)
      if (typeof fields === 'string' || !recognises(fields)) return undefined
      const line = readLayout(fields)
      return line === undefined ? { kind: 'undecoded', reason: 'unknown_layout' } : decodeLine(line, find, stream)
    },
  }
}

function decodeLine(line: LogLine, find: FindTemplates, stream: Stream): Decoding {
  const { time } = line
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  for (const template of find(line)) {
    if (!line.text.startsWith(template.prefix)) continue
    const reading = template.read(line, line.text.slice(template.prefix.length))
    if (reading === undefined) continue
    if (reading === 'no_signal') return { kind: 'no_signal', time, template: template.id }
    if ('lostRecords' in reading) return { kind: 'telemetry_lost', time, records: reading.lostRecords }
    return claim(line, time, reading, stream)
  }
  return { kind: 'undecoded', time, reason: whyUnread(line) }
}

function whyUnread(line: LogLine): UndecodedReason {
  if (line.withheld) return 'content_withheld'
  return isTruncated(line) ? 'truncated_message' : 'unknown_template'
}

function claim(line: LogLine, time: number, told: Told, stream: Stream): Decoding {
  return {
    kind: 'claim',
    time,
    claim: {
      signal: told.signal,
      labels: told.labels,
      outcome: told.outcome,
      severity: told.severity,
      time,
      count: told.count ?? 1,
      stream,
      origin: {
        ...(line.host !== undefined && { host: line.host }),
        ...(told.port !== undefined && { port: told.port }),
        ...(line.subsystem !== '' && { subsystem: line.subsystem }),
      },
      actor: told.actor ?? {},
      ...(told.pair !== undefined && { pair: told.pair }),
    },
  }
}
