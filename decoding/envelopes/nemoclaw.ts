import type { TextLineEnvelope } from './line-envelope.ts'

/**
 * `nemoclaw NAME logs` writes `[gateway] ` before each line of OpenClaw. Other programs write words in brackets too: the
 * beginning of a record follows, as JSON, or as a line of the console with its time.
 */
export const nemoclawGateway: TextLineEnvelope = {
  name: 'nemoclaw-gateway',
  header:
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal
    /^\[gateway\] (?=\{|(?:[0-9a-fA-F.:]{2,45}|unix:) - |\d{4}\/\d\d\/\d\d |\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} |(?:\x1b\[[\d;]{0,16}m){0,4}(?:\d{4}-\d\d-\d\dT)?\d\d:\d\d:\d\d)/,
  documentation: { writtenBy: 'the output of `nemoclaw NAME logs`, its lines of OpenClaw (`[gateway] …`)' },
}

/** A line of `openshell logs`: time, the sandbox or the gateway, the level and the target. Only events are opened. */
export const openshellLogs: TextLineEnvelope = {
  name: 'openshell-logs',
  header: /^\[(?<seconds>\d{9,11}\.\d{1,9})\] \[(?:sandbox|gateway)\] \[OCSF ?\] \[ocsf\] /,
  documentation: { writtenBy: 'the output of `openshell logs`, its OCSF events' },
}
