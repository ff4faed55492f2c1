import { dataText } from '../../../../service/page/data-text.ts'
import { type HtmlValue, html } from '../../../../service/page/html.ts'
import type { Incident } from '../../../domain/incident.ts'

/** The verdict, with the finding that speaks. */
export function evidence({ facts: { evidence } }: Incident): HtmlValue {
  const { verdict, findings, country } = evidence
  const speaks = findings.find(finding => finding.verdict === verdict && verdict !== 'unknown')
  return [
    country === undefined ? verdict : `${verdict}, ${country}`,
    speaks && html`<span class="sub">${dataText(`${speaks.source}: ${speaks.detail}`, 80)}</span>`,
  ]
}
