import { type Html, html } from '../../../../service/page/html.ts'
import type { ControlResult, Report } from '../../../model/report.ts'
import { cut, text } from './text.ts'

/** Links within the document. Places are numbered: an id of the report may be any text, an id of an element may not. */
export interface References {
  /** Name of a control as its framework has it, linked where the report contains it. */
  control(id: string): Html
  /** The element id of a control's place, or of a piece of evidence. */
  controlPlace(id: string): string
  evidence(id: string): Html
  evidencePlace(id: string): string
}

export function referencesOf({ controls, evidence }: Report): References {
  const controlNumbers = new Map(controls.map(({ id }, index) => [id, index + 1]))
  const evidenceNumbers = new Map(evidence.map(({ id }, index) => [id, index + 1]))
  const names = new Map(controls.map(({ id, control }) => [id, control]))
  const place = (kind: string, number: number | undefined) => `${kind}-${number ?? 0}`
  const link = (to: string, name: Html, isThere: boolean) => (isThere ? html`<a href="#${to}">${name}</a>` : name)
  const controlPlace = (id: string) => place('control', controlNumbers.get(id))
  const evidencePlace = (id: string) => place('evidence', evidenceNumbers.get(id))
  return {
    controlPlace,
    evidencePlace,
    control: id => link(controlPlace(id), text(names.get(id) ?? withoutFramework(id), 28), controlNumbers.has(id)),
    evidence: id => link(evidencePlace(id), html`<code>${cut(id, 24)}</code>`, evidenceNumbers.has(id)),
  }
}

/** `AC-7` of `nist-sp-800-53/AC-7`, for a control that the report no longer contains. */
const withoutFramework = (id: string): string => id.slice(id.indexOf('/') + 1)

/** The first of a list, and how many more there are. */
export function listed(items: readonly Html[], most: number): Html {
  const shown = items.slice(0, most)
  const rest = items.length - shown.length
  return html`${shown.map((item, at) => html`${at === 0 ? '' : ', '}${item}`)}${rest === 0 ? '' : ` and ${rest} more`}`
}

/** Controls of a status, as links. */
export const namesOf = (controls: readonly ControlResult[], references: References): Html[] =>
  controls.map(({ id }) => references.control(id))
