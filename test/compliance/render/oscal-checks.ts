import type { Report } from '../../../compliance/model/report.ts'

/*
 * What neither the JSON schema of OSCAL nor compliance-trestle asks for: values of enumerations, references, uniqueness.
 */

type Part = Readonly<Record<string, unknown>>

/** What is wrong with a document of assessment results, by place. */
export function wrongIn(document: unknown): readonly string[] {
  const wrong: string[] = []
  const uuids = new Map<string, number>()
  walk(document, '', (key, value, path) => {
    if (key === 'uuid') uuids.set(String(value), (uuids.get(String(value)) ?? 0) + 1)
    const allowed = enumerations.find(({ at }) => at.test(path))?.allowed
    if (allowed !== undefined && !allowed.includes(value)) wrong.push(`${path} is ${JSON.stringify(value)}`)
    if (Array.isArray(value) && value.length === 0) wrong.push(`${path} is an empty list`)
  })
  for (const [uuid, times] of uuids) if (times > 1) wrong.push(`${uuid} is given ${times} times`)
  walk(document, '', (key, value, path) => {
    const isReference = /^(?:actor|component|observation|risk|party|subject)-uuid$/.test(key)
    const target = isReference
      ? String(value)
      : key === 'href' && String(value).startsWith('#')
        ? String(value).slice(1)
        : undefined
    if (target !== undefined && !uuids.has(target)) wrong.push(`${path} leads nowhere`)
  })
  return wrong
}

const methods = ['EXAMINE', 'INTERVIEW', 'TEST', 'UNKNOWN']
const enumerations: readonly { readonly at: RegExp; readonly allowed: readonly unknown[] }[] = [
  { at: /\/methods\/\d+$/, allowed: methods },
  { at: /\/observations\/\d+\/types\/\d+$/, allowed: ['control-objective', 'finding', 'discovery', 'historic'] },
  { at: /\/target\/status\/state$/, allowed: ['satisfied', 'not-satisfied'] },
  { at: /\/target\/status\/reason$/, allowed: ['pass', 'fail', 'other'] },
  { at: /\/target\/type$/, allowed: ['statement-id', 'objective-id'] },
  { at: /\/risks\/\d+\/status$/, allowed: ['open', 'deviation-approved'] },
  { at: /\/lifecycle$/, allowed: ['recommendation', 'planned', 'completed'] },
  { at: /\/hashes\/\d+\/algorithm$/, allowed: ['SHA-256'] },
  { at: /\/oscal-version$/, allowed: ['1.2.1'] },
  { at: /\/actors\/\d+\/type$/, allowed: ['tool'] },
]

function walk(value: unknown, path: string, visit: (key: string, value: unknown, path: string) => void): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    visit(key, inner, `${path}/${key}`)
    walk(inner, `${path}/${key}`, visit)
  }
}

/** The status of each control as the document says it, in the words of the model. */
export function statusesOf(document: unknown): Readonly<Record<string, string>> {
  const [result] = (document as { 'assessment-results': { results: Part[] } })['assessment-results'].results
  const parts = [...((result?.findings as Part[]) ?? []), ...((result?.observations as Part[]) ?? [])]
  const named = parts.flatMap(part => {
    const value = (name: string) => (part.props as Part[] | undefined)?.find(prop => prop.name === name)?.value
    const status = value('status')
    return status === undefined ? [] : [[`${value('framework')}/${value('control')}`, String(status)] as const]
  })
  return Object.fromEntries(named)
}

export const statusesOfModel = ({ controls }: Report): Readonly<Record<string, string>> =>
  Object.fromEntries(controls.map(({ id, status }) => [id, status]))
