import type { Template } from './template.ts'

const QUEUE_OVERFLOW = /^(\d{1,15}) oldest records?$/

/** Telemetry that OpenClaw itself reports as lost. */
export const telemetryTemplates: readonly Template[] = [
  {
    id: 'log-queue-overflow',
    subsystems: [''],
    prefix: '[openclaw] file log queue overflow; dropped ',
    evidence: 'source',
    moves: ['telemetry_lost'],
    read: ({ fields }, rest) => {
      const { dropped } = fields
      if (typeof dropped === 'number' && Number.isSafeInteger(dropped) && dropped > 0) return { lostRecords: dropped }
      const inText = QUEUE_OVERFLOW.exec(rest)?.[1]
      return inText === undefined ? undefined : { lostRecords: Number(inText) }
    },
  },
  {
    id: 'audit-persistence-failed',
    subsystems: ['audit/events'],
    prefix: 'audit event persistence failed: ',
    evidence: 'source',
    moves: ['telemetry_lost'],
    read: () => ({ lostRecords: 1 }),
  },
  {
    // Later lines are lost until the log rotates; the line does not contain their number.
    id: 'log-size-cap',
    subsystems: ['logging'],
    prefix: 'log file size cap reached; suppressing writes file=',
    evidence: 'source',
    moves: ['telemetry_lost'],
    read: () => ({ lostRecords: 1 }),
  },
]
