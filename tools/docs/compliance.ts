import { z } from 'zod'
import type { Catalogue, Control, ControlTest, Framework } from '../../compliance/controls/catalogue.ts'
import { thresholdWords } from '../../compliance/controls/measure-words.ts'
import { type ReferenceRow, referenceRows } from '../../core/config/reference.ts'
import type { GeneratedPart } from './generated-part.ts'
import { code, page, table } from './markdown.ts'

/** The keys of a file of the catalogue, without those of evidence. */
export function fileKeys(schema: z.ZodType): GeneratedPart {
  const rows = referenceRows(schema).filter(({ key }) => !key.startsWith('controls[].tests[].evidence.'))
  return { name: 'keys of a file', from: 'compliance/controls/framework-file.ts', text: keyTable(rows) }
}

/** The keys of evidence, a table for each kind. */
export function evidenceKeys({ options }: { readonly options: readonly z.core.$ZodType[] }): GeneratedPart {
  const tables = options.map(option => {
    const name = option instanceof z.ZodObject ? String([...(option.shape.from as z.ZodLiteral).values][0]) : ''
    return `**${code(name)}**\n\n${keyTable(referenceRows(option).filter(({ key }) => key !== 'from'))}`
  })
  return { name: 'kinds of evidence', from: 'compliance/evidence/registry.ts', text: tables.join('\n\n') }
}

const keyTable = (rows: readonly ReferenceRow[]): string =>
  table(
    ['key', 'value', 'default', 'meaning'],
    rows.map(({ key, written, required, defaultValue, description }) => {
      const standing = required ? 'required' : defaultValue === undefined ? '' : code(JSON.stringify(defaultValue))
      return [code(key), code(written), standing, description]
    }),
  )

const CONTROLS = `The controls that are shipped: what is tested, with the threshold and the parameter that sets it, and what that cannot prove. How a control is judged, what a status means and how to write your own is on [compliance.md](compliance.md#the-catalogue). The ids, titles and objectives are those of the frameworks; tests, thresholds and limits are clawtrust's.

A number without a parameter is changed by a file that replaces the control; one with a parameter, by \`compliance.parameters\`.`

/** docs/controls.md, from the shipped frameworks. */
export function controlsPage({ frameworks }: Catalogue): string {
  return page('Controls', CONTROLS, ...frameworks.flatMap(framework => [headOf(framework), tableOf(framework)]))
}

function headOf({ id, title, version, source, controls }: Framework): string {
  const manual = controls.filter(({ tests }) => tests.length === 0).length
  const counts = `${controls.length} controls${manual === 0 ? '' : `, ${manual} of them MANUAL`}`
  return `## ${code(id)}\n\n[${title}](${source}), ${version}: ${counts}.`
}

const tableOf = ({ controls }: Framework): string =>
  table(
    ['control', 'what is tested', 'what it cannot prove'],
    controls.map(control => [nameOf(control), testedOf(control), `${control.cannotProve.join('; ')}.`]),
  )

/** With a mark where the baseline MODERATE of SP 800-53B does not have it. */
function nameOf({ id, title, baselines }: Control): string {
  const mark = baselines === undefined || baselines.includes('moderate') ? '' : ' (not in MODERATE)'
  return `${code(id)} ${title}${mark}`
}

const testedOf = ({ tests, manual }: Control): string =>
  tests.length === 0 ? `MANUAL: ${manual}` : `${tests.map(testOf).join('; ')}.`

const testOf = ({ title, threshold }: ControlTest): string => `${title}: ${thresholdWords(threshold, '')}`
