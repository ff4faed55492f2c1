import { inside, isFields, refusal } from './answer.ts'
import { type Finding, note, ok, problem } from './finding.ts'
import { indexPath, type Subject } from './subject.ts'

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
  const types = inside(answer.body, 'fields', cursorField)
  const entries = isFields(types) ? Object.entries(types) : []
  const bad = entries.filter(([type]) => !TIMES.includes(type))
  if (entries.length > 0 && bad.length === 0) return [ok(`${cursorField} is mapped as a date everywhere`)]
  if (entries.length === 0) return [unmapped(cursorField, 'any index')]
  return bad.map(([type, entry]) => {
    const indices = inside(entry, 'indices')
    const where = Array.isArray(indices) ? indices.join(', ') : 'every index'
    return type === 'unmapped'
      ? unmapped(cursorField, where)
      : problem(
          `${cursorField} is mapped as ${type} in ${where}, not as a date: its documents are never read; map it as date`,
        )
  })
}

function unmapped(field: string, where: string): Finding {
  return problem(
    `${field} is not mapped in ${where}: its documents are never read; install the template and the pipeline (clawtrust elastic setup), or set cursor_field: "@timestamp"`,
  )
}
