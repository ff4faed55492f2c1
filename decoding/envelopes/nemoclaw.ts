import type { TextLineEnvelope } from './line-envelope.ts'

/**
 * `nemoclaw NAME logs` writes `[gateway] ` before each line of OpenClaw. Other programs write words in brackets too.
 */
export const nemoclawGateway: TextLineEnvelope = {
  name: 'nemoclaw-gateway',
  header: /^\[gateway\] /,
  isBeforeRecords: true,
  documentation: { writtenBy: 'the output of `nemoclaw NAME logs`, its lines of OpenClaw (`[gateway] …`)' },
}

/** A line of `openshell logs`: time, the sandbox or the gateway, the level and the target. Only events are opened. */
export const openshellLogs: TextLineEnvelope = {
  name: 'openshell-logs',
  isOfEvents: true,
  header: /^\[(?<seconds>\d{9,11}\.\d{1,9})\] \[(?:sandbox|gateway)\] \[OCSF ?\] \[ocsf\] /,
  documentation: { writtenBy: 'the output of `openshell logs`, its OCSF events' },
}
