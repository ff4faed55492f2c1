/** A line of the file log with the message coloured as a terminal's RPC lines are: codes around words and names. */
export function coloured(line: string): string {
  const record = JSON.parse(line)
  const paint = (text: string) =>
    text.replace(/^(\S+) /, '\u001b[93m$1\u001b[39m ').replace(/ (\w+)=/g, ' \u001b[2m$1\u001b[22m=')
  for (const key of ['0', '1', '2', 'message']) {
    if (typeof record[key] === 'string' && !record[key].startsWith('{')) record[key] = paint(record[key])
  }
  return JSON.stringify(record)
}

/** The same record as the JSON console writes it: meta flat beside level in lower case, subsystem and message. */
export function asConsoleLine(line: string): string {
  const { _meta, time, message, ...rest } = JSON.parse(line)
  const meta = Object.values(rest).find(value => typeof value === 'object') ?? {}
  const name = _meta.name.startsWith('{') ? JSON.parse(_meta.name).subsystem : _meta.name
  const level = _meta.logLevelName.toLowerCase()
  return JSON.stringify({ ...(meta as object), time, level, subsystem: name, message })
}

/** A record of the file log in the attributes of `diagnostics-otel`, by its documentation: nothing of this was captured. */
export function otelAttributes(line: string): {
  readonly attributes: Readonly<Record<string, unknown>>
  readonly text: string
} {
  const record = JSON.parse(line)
  const meta = (Object.values(record).find(value => typeof value === 'object') ?? {}) as Record<string, unknown>
  const name = record._meta.name.startsWith('{') ? JSON.parse(record._meta.name) : {}
  const simple = Object.entries({ ...name, ...meta }).filter(([, value]) => typeof value !== 'object')
  return {
    attributes: {
      'openclaw.log.level': record._meta.logLevelName,
      ...Object.fromEntries(simple.map(([key, value]) => [`openclaw.${key}`, value])),
    },
    text: record.message,
  }
}

/** The same record as a line of the exporter to standard output (`logsExporter: stdout`), with its message or without. */
export function asOtelLine(line: string, withMessage: boolean): string {
  const { attributes, text } = otelAttributes(line)
  const { time, _meta } = JSON.parse(line)
  return JSON.stringify({
    ts: new Date(time).toISOString(),
    signal: 'openclaw.diagnostic.log',
    'service.name': 'openclaw-gateway',
    severityText: _meta.logLevelName,
    body: withMessage ? text : 'log',
    attributes,
  })
}
