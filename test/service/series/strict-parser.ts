/** A parser of the text format 0.0.4 that forgives nothing: any deviation throws. Written apart from the renderer. */

export interface ParsedSample {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
}

const NUMBER = /^(NaN|[+-]Inf|-?\d+(\.\d+)?(e[+-]\d+)?)$/
const SPECIAL: Readonly<Record<string, number>> = { '+Inf': Infinity, '-Inf': -Infinity }
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' }

export function parseExposition(text: string): ParsedSample[] {
  if (!text.isWellFormed()) throw new Error('not well-formed Unicode')
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const samples: ParsedSample[] = []
  const finished = new Set<string>()
  let family = ''
  let typed = false
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP (\S+) /.exec(line)?.[1]
    if (help !== undefined) {
      if (finished.has(help)) throw new Error(`the family ${help} comes twice`)
      finished.add(help)
      family = help
      typed = false
    } else if (line.startsWith('#')) {
      if (!/^# TYPE \S+ (counter|gauge)$/.test(line) || line.split(' ')[2] !== family) throw new Error(`type: ${line}`)
      typed = true
    } else {
      const sample = parseSample(line)
      if (sample.name !== family || !typed) throw new Error(`${sample.name} stands outside of its family`)
      samples.push(sample)
    }
  }
  return samples
}

export function parseSample(line: string): ParsedSample {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0]
  if (name === undefined) throw new Error(`no name: ${line}`)
  const labels = new Map<string, string>()
  let at = name.length
  if (line[at] === '{') {
    do {
      const label = /^[a-zA-Z_][a-zA-Z0-9_]*/.exec(line.slice(at + 1))?.[0]
      if (label === undefined || labels.has(label)) throw new Error(`label: ${line}`)
      at += 1 + label.length
      if (line.slice(at, at + 2) !== '="') throw new Error(`no value of ${label}: ${line}`)
      const quoted = parseQuoted(line, at + 2)
      labels.set(label, quoted.value)
      at = quoted.end
    } while (line[at] === ',')
    if (line[at] !== '}') throw new Error(`labels do not end: ${line}`)
    at += 1
  }
  const value = line.slice(at + 1)
  if (line[at] !== ' ' || !NUMBER.test(value)) throw new Error(`value: ${line}`)
  return { name, labels, value: SPECIAL[value] ?? Number(value) }
}

function parseQuoted(line: string, start: number): { value: string; end: number } {
  let value = ''
  for (let at = start; at < line.length; at++) {
    if (line[at] === '"') return { value, end: at + 1 }
    if (line[at] !== '\\') {
      value += line[at]
      continue
    }
    at += 1
    const meant = ESCAPED[line[at] ?? '']
    if (meant === undefined) throw new Error(`escape: ${line}`)
    value += meant
  }
  throw new Error(`quote does not end: ${line}`)
}
