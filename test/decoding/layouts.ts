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
