import { type ParsedSample, parseSample } from './strict-parser.ts'

/** A parser of OpenMetrics 1.0.0 that forgives nothing: any deviation throws. Written apart from the renderer. */

export interface OpenMetricsSample extends ParsedSample {
  readonly family: string
  readonly type: string
  readonly exemplar?: ParsedExemplar
}

interface ParsedExemplar extends Pick<ParsedSample, 'labels' | 'value'> {
  /** Seconds since 1970. */
  readonly time: number
}

const MAX_EXEMPLAR_LABELS = 128
/** Endings of a sample's name, by the type of its family. */
const endings: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total'],
  gauge: [''],
  info: ['_info'],
  histogram: ['_bucket', '_sum', '_count'],
}

export function parseOpenMetrics(text: string): OpenMetricsSample[] {
  if (!text.isWellFormed()) throw new Error('not well-formed Unicode')
  if (!text.endsWith('\n# EOF\n')) throw new Error('the text does not end with # EOF')
  const samples: OpenMetricsSample[] = []
  const families = new Set<string>()
  let family = ''
  let type = ''
  for (const line of text.slice(0, -'\n# EOF\n'.length).split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE|UNIT) (\S+) (.*)$/.exec(line) ?? []
    if (kind === 'HELP') {
      if (families.has(name)) throw new Error(`the family ${name} comes twice`)
      if (/(?<!\\)(?:\\\\)*(?:"|\\[^n"\\])/.test(rest)) throw new Error(`help: ${line}`)
      families.add(name)
      family = name
      type = ''
    } else if (kind !== undefined && name !== family) throw new Error(`${line} is outside of its family`)
    else if (kind === 'TYPE') type = rest
    else if (kind === 'UNIT') {
      if (type === 'info' || !family.endsWith(`_${rest}`)) throw new Error(`unit: ${line}`)
    } else samples.push(sampleOf(line, family, type))
  }
  return samples
}

function sampleOf(line: string, family: string, type: string): OpenMetricsSample {
  const at = line.indexOf(' # {')
  const sample = parseSample(at < 0 ? line : line.slice(0, at))
  if (!(endings[type] ?? []).some(ending => sample.name === family + ending)) throw new Error(`${type}: ${line}`)
  if (type === 'counter' && !(sample.value >= 0)) throw new Error(`a counter below 0: ${line}`)
  if (type === 'info' && sample.value !== 1) throw new Error(`an info that is not 1: ${line}`)
  const bound = sample.labels.get('le')
  if (bound !== undefined && !/^(?:\+Inf|\d+\.\d+)$/.test(bound)) throw new Error(`bound: ${line}`)
  if (at < 0) return { ...sample, family, type }
  if (type !== 'counter') throw new Error(`an exemplar of a ${type}: ${line}`)
  return { ...sample, family, type, exemplar: exemplarOf(line.slice(at + ' # '.length)) }
}

function exemplarOf(text: string): ParsedExemplar {
  const [, before, time] = /^(.*) (\d+(?:\.\d+)?)$/.exec(text) ?? []
  if (before === undefined) throw new Error(`an exemplar without a time: ${text}`)
  const { labels, value } = parseSample(`exemplar${before}`)
  const characters = [...labels].flat().join('').length
  if (characters > MAX_EXEMPLAR_LABELS) throw new Error(`the labels of an exemplar are too long: ${text}`)
  return { labels, value, time: Number(time) }
}
