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

const WITH_META = ['WARN', 'ERROR', 'FATAL']
/** As the console of OpenClaw 2026.9.6 writes a value of the meta. */
const plainValue = (value: unknown): string => {
  if (typeof value !== 'string') return JSON.stringify(value)
  return value === '' || /\s|=/.test(value) ? JSON.stringify(value) : value
}
/** Its tail is cut at this length. */
const MAX_TAIL = 2048

/**
 * The same record as the console in plain text writes it: a name without `gateway/`, and the meta of a warning or an error
 * after the message. Undefined of a record of the root logger, which has no name there.
 */
export function asPlainConsoleLine(line: string): string | undefined {
  const { _meta, time, message, ...rest } = JSON.parse(line)
  if (!_meta.name.startsWith('{')) return undefined
  const name = JSON.parse(_meta.name).subsystem.replace(/^gateway\//, '')
  const meta = WITH_META.includes(_meta.logLevelName)
    ? (Object.values(rest).find(value => typeof value === 'object') ?? {})
    : {}
  const tail = Object.entries(meta as object)
    .map(([key, value]) => ` ${key}=${plainValue(value)}`)
    .join('')
  const cut = tail.length > MAX_TAIL + 1 ? `${tail.slice(0, MAX_TAIL + 1)}...(truncated)` : tail
  return `${time} [${name}] ${message.replace(/^gateway: /, '')}${cut}`
}

/** A line of the console in plain text with the colours of a terminal. */
export const colouredConsole = (line: string): string =>
  line.replace(/^(\S+) (\[\S+\]) (.*)$/s, '\u001b[90m$1\u001b[39m \u001b[36m$2\u001b[39m \u001b[33m$3\u001b[39m')

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
