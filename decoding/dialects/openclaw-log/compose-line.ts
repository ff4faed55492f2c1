import type { EpochMs } from '../../../core/clock.ts'
import type { Fields } from '../../toolkit/fields.ts'

/** The content of a composed line. */
export interface ComposedLine {
  /** Empty for the root logger. */
  readonly subsystem: string
  readonly level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR'
  readonly text: string
  readonly meta?: Fields
  readonly time: EpochMs
  readonly host: string
}

const levelIds = { DEBUG: 2, INFO: 3, WARN: 4, ERROR: 5 } as const

/** Composes a line in the file log's layout of OpenClaw 2026.9.6: for recordings and tests. */
export function composeLine(line: ComposedLine): string {
  const name = line.subsystem === '' ? 'openclaw' : JSON.stringify({ subsystem: line.subsystem })
  const date = new Date(line.time).toISOString()
  const args = [...(line.subsystem === '' ? [] : [name]), ...(line.meta === undefined ? [] : [line.meta]), line.text]
  return JSON.stringify({
    ...Object.fromEntries(args.entries()),
    _meta: {
      runtime: 'node',
      runtimeVersion: '26.10.0',
      hostname: line.host,
      date,
      logLevelId: levelIds[line.level],
      logLevelName: line.level,
      name,
      ...(line.subsystem === '' ? {} : { parentNames: ['openclaw'] }),
    },
    time: date.replace('Z', '+00:00'),
    hostname: line.host,
    message: line.text,
  })
}
