/** Prometheus's text exposition format 0.0.4: the parts of its lines. */

export const TEXT_FORMAT_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

const LABEL_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '"': '\\"' }

/** The `# HELP` and `# TYPE` lines of a family. */
export function familyHeader(name: string, help: string, type: string): string {
  const escaped = help.replace(/[\\\n]/g, character => LABEL_ESCAPES[character] ?? '')
  return `# HELP ${name} ${escaped}\n# TYPE ${name} ${type}\n`
}

/** What stands before a sample's value: `name{label="value",…} `. */
export function samplePrefix(name: string, labels: readonly string[], values: readonly string[]): string {
  if (labels.length === 0) return `${name} `
  const pairs = labels.map((label, index) => {
    const escaped = (values[index] ?? '').replace(/[\\\n"]/g, character => LABEL_ESCAPES[character] ?? '')
    return `${label}="${escaped}"`
  })
  return `${name}{${pairs.join(',')}} `
}

/** A sample's value as Go reads it. */
export function sampleValue(value: number): string {
  if (Number.isFinite(value)) return String(value)
  if (Number.isNaN(value)) return 'NaN'
  return value > 0 ? '+Inf' : '-Inf'
}
