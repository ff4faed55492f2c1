/** An entry of a header such as `Accept`, in lower case. */
export interface Weighted {
  readonly name: string
  /** Without the weight. */
  readonly parameters: ReadonlyMap<string, string>
  /** `q`, from 0 to 1; 1 where the entry has none, 0 where it is no number. */
  readonly weight: number
}

/** The entries of a header of weighted values (RFC 9110, section 12.4). */
export function weightedList(header: string | readonly string[] | undefined): readonly Weighted[] {
  return String(header ?? '')
    .toLowerCase()
    .split(',')
    .map(entry => {
      const [name = '', ...rest] = entry.split(';').map(part => part.trim())
      const parameters = new Map(rest.map(parameterOf))
      const weight = Number(parameters.get('q') ?? 1)
      parameters.delete('q')
      return { name, parameters, weight: weight >= 0 ? Math.min(weight, 1) : 0 }
    })
}

function parameterOf(text: string): [name: string, value: string] {
  const at = text.indexOf('=')
  const [name, value] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
  return [name.trim(), value.trim().replace(/^"(.*)"$/, '$1')]
}
