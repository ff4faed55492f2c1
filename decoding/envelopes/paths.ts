/**
 * The names under which shippers store what they read. Each may lead through nested objects or be one dotted key.
 * Filebeat, rsyslog and Vector write `message`, Fluent Bit `log`, journald's readers `MESSAGE`, the OpenTelemetry
 * Collector `body.text`, `body` or `Body` by its mapping mode.
 */
export const rawLinePaths = ['message', 'event.original', 'log', 'MESSAGE', 'body.text', 'body', 'Body'] as const

/** Where shippers that parse put the parsed line, when it is not at the root. */
export const parsedLinePaths = [
  'openclaw',
  'json',
  'parsed',
  'log_processed',
  'attributes',
  'Attributes',
  'body.structured',
  'body',
  'Body',
] as const
