import { isObject, valueAt } from '../../core/json.ts'
import { isRemote } from '../../service/elasticsearch/remote.ts'
import { refusal } from '../call.ts'
import { type Finding, indexPath, note, ok, problem, type Subject } from './contract.ts'

const TIMES = ['date', 'date_nanos']

/**
 * Checks that the field by which the source reads is a date in every index: a range query over any other field matches
 * nothing and returns no error.
 */
export async function checkCursorField(subject: Subject): Promise<readonly Finding[]> {
  const { ask, cursorField } = subject
  const path = `/${indexPath(subject)}/_field_caps?include_unmapped=true&fields=${encodeURIComponent(cursorField)}`
  const answer = await ask({ method: 'GET', path })
  if (answer.status !== 200) return [note(`field types cannot be read (${refusal(answer)})`)]
  const types = valueAt(answer.body, 'fields', cursorField)
  const entries = isObject(types) ? Object.entries(types) : []
  const bad = entries.filter(([type]) => !TIMES.includes(type))
  if (entries.length > 0 && bad.length === 0) return [ok(`${cursorField} is mapped as a date everywhere`)]
  if (entries.length === 0) return [unmapped(cursorField, 'any index')]
  return bad.map(([type, entry]) => {
    const indices = valueAt(entry, 'indices')
    const where = Array.isArray(indices) ? indices.join(', ') : 'every index'
    return type === 'unmapped'
      ? unmapped(cursorField, where)
      : problem(
          `${cursorField} is mapped as ${type} in ${where}, not as a date: its documents are never read; map it as date`,
        )
  })
}

function unmapped(field: string, where: string): Finding {
  const other =
    field === '@timestamp' ? 'set cursor_field to a field that every document has' : 'set cursor_field: "@timestamp"'
  return problem(
    `${field} is not mapped in ${where}: its documents are never read; install the template and the pipeline (clawtrust elastic setup), or ${other}`,
  )
}

const REMEDY =
  'install the template (clawtrust elastic setup), then roll the stream over or start a new index; documents that were refused are not in Elasticsearch and must be shipped again'

/** The logger's arguments, and what a mapping of each refuses. */
const argumentsOfLines = ['0', '1', '2', '3']
/** Where a shipper may have put them. */
const holders = [[], ['openclaw'], ['json'], ['attributes']] as const

/**
 * Finds mappings that refuse lines of OpenClaw. The logger's argument `1` is a string on most lines and an object on
 * each refused connection: a mapping as either type refuses the other, and refused documents are not in the index.
 */
export async function checkMapping(subject: Subject): Promise<readonly Finding[]> {
  const local = subject.index.filter(pattern => !isRemote(pattern))
  const isAll = local.length === subject.index.length
  const elsewhere = isAll
    ? []
    : [note('mappings of a remote cluster cannot be read from here: run the check there too')]
  return local.length === 0 ? elsewhere : [...(await lossesIn(local, subject)), ...elsewhere]
}

async function lossesIn(index: readonly string[], { ask }: Subject): Promise<readonly Finding[]> {
  const answer = await ask({ method: 'GET', path: `/${indexPath({ index })}/_mapping` })
  if (answer.status !== 200) return [note(`mappings cannot be read (${refusal(answer)}), so losses cannot be detected`)]
  const indices = isObject(answer.body) ? Object.entries(answer.body) : []
  const findings = indices.flatMap(([name, entry]) => lossesOf(name, valueAt(entry, 'mappings')))
  return findings.length > 0 ? findings : [ok('no mapping refuses lines of OpenClaw')]
}

function lossesOf(index: string, mappings: unknown): readonly Finding[] {
  const dynamic = String(valueAt(mappings, 'dynamic') ?? 'true')
  const found = holders.flatMap(holder => {
    const properties = propertiesOf(mappings, holder)
    return argumentsOfLines.flatMap(name => refusedBy(index, [...holder, name].join('.'), valueAt(properties, name)))
  })
  if (found.length > 0) return found
  const known = valueAt(propertiesOf(mappings, []), '1')
  if (known !== undefined || dynamic === 'false' || dynamic === 'runtime') return []
  if (dynamic === 'strict') {
    return [
      problem(`${index} is mapped strictly and without the field 1: it refuses every line of OpenClaw; ${REMEDY}`),
    ]
  }
  return [
    note(
      `${index} maps new fields by their first value: if lines are parsed at its root, the first line decides which others are refused; ${REMEDY}`,
    ),
  ]
}

function propertiesOf(mappings: unknown, holder: readonly string[]): unknown {
  return holder.reduce<unknown>(
    (properties, name) => valueAt(properties, name, 'properties'),
    valueAt(mappings, 'properties'),
  )
}

function refusedBy(index: string, field: string, mapping: unknown): readonly Finding[] {
  if (!isObject(mapping) || mapping.enabled === false) return []
  const type = String(mapping.type ?? 'object')
  const refused =
    type === 'object'
      ? 'every line with a text in it, which is almost every line'
      : type === 'flattened'
        ? 'every line, because it accepts only objects'
        : 'every line with an object in it: each refused connection, with its cause and address'
  return [problem(`${index} maps ${field} as ${type} and refuses ${refused}; ${REMEDY}`)]
}
