/** Prometheus's text exposition format 0.0.4: the parts of its lines. */

export const TEXT_FORMAT_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

const LABEL_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '"': '\\"' }

/** The `# HELP` and `# TYPE` lines of a family. */
export function familyHeader(name: string, help: string, type: string): string {
  const escaped = help.replace(/[\\\n]/g, character => LABEL_ESCAPES[character] ?? '')
  return `# HELP ${name} ${escaped}\n# TYPE ${name} ${type}\n`
}

/** The labels of a sample: `{label="value",…}`; empty without labels. */
export function labelSet(labels: readonly string[], values: readonly string[]): string {
  if (labels.length === 0) return ''
  const parts = labels.flatMap((label, index) => {
    const escaped = (values[index] ?? '').replace(/[\\\n"]/g, character => LABEL_ESCAPES[character] ?? '')
    return [index === 0 ? '{' : ',', label, '="', escaped, '"']
  })
  // Joined, the string is one piece of memory; concatenated, it would stay a tree that is five times as large.
  return [...parts, '}'].join('')
}

/** The part of a line before the value: `name{label="value",…} `. */
export function samplePrefix(name: string, labels: readonly string[], values: readonly string[]): string {
  return [name, labelSet(labels, values), ' '].join('')
}

/** A sample's value in Go's notation. */
export function sampleValue(value: number): string {
  if (Number.isFinite(value)) return String(value)
  if (Number.isNaN(value)) return 'NaN'
  return value > 0 ? '+Inf' : '-Inf'
}
