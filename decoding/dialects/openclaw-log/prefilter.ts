/**
 * Literal texts, one of which is in every line that can contain a claim or a loss, in each layout as the gateway writes
 * it (no white space between the tokens of JSON). Within a message they are ASCII without quotes or backslashes,
 * because JSON escapes those.
 *
 * A source searches every line for all of them at once; the longer the shortest text, the farther the search can jump:
 * none is shorter than seven bytes. The levels cover most templates, the other texts are for those written as INFO or
 * DEBUG.
 */
export const logPrefilter: readonly string[] = [
  // Levels of the file log, of the JSON console and of the OpenTelemetry export.
  'LevelName":"WARN"',
  'LevelName":"ERROR"',
  '"level":"warn"',
  '"level":"error"',
  'log.level":"WARN"',
  'log.level":"ERROR"',
  // Terminal colours split the words of a message, so a coloured line is always parsed.
  '\\u001b[',
  // The same as Elasticsearch writes it.
  '\\u001B[',
  'errorCode',
  ' device=',
  'device-backed',
  'auto-approve',
  'user connected',
  'version mismatch',
  ' write actor=',
  'evaluating reload',
  'Updated ',
  'update available',
  'http server listening',
  'egress request',
  'tool policy',
  'elevated command',
  'self-signed',
  'TLS certificate',
  'pairing request',
  'Install policy',
  'safeBins',
  // Verbose lines of channels and tools.
  'sender: ',
  'Blocked ',
  'Blocking',
  ' blocked',
]
