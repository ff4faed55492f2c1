import { Html, html } from '../../../service/page/html.ts'
import { contentSecurityPolicyOf } from '../../../service/page/security.ts'
import type { Json } from '../../../service/state/state.ts'
import { digestOf } from '../../model/digest.ts'
import type { Report } from '../../model/report.ts'
import { referencesOf } from './elements/references.ts'
import { definitions } from './elements/status.ts'
import { cut } from './elements/text.ts'
import { periodName } from './elements/words.ts'
import { masthead } from './page-one/masthead.ts'
import { pageOneSection } from './page-one/page-one.ts'
import { controlSection } from './sections/controls.ts'
import { coverageSection } from './sections/coverage.ts'
import { evidenceSection } from './sections/evidence.ts'
import { exceptionSection } from './sections/exceptions.ts'
import { methodSection } from './sections/method.ts'
import { remediationSection } from './sections/remediation.ts'
import { riskSection } from './sections/risks.ts'
import { styleOf } from './style.ts'

const contents: readonly (readonly [place: string, title: string])[] = [
  ['summary', 'Summary'],
  ['coverage', '1. Coverage in detail'],
  ['risks', '2. Open risks and changes'],
  ['controls', '3. Controls by framework'],
  ['remediation', '4. Remediation'],
  ['exceptions', '5. Exceptions'],
  ['method', '6. Method and limits'],
  ['evidence', 'Annex: evidence'],
]

/** The report as one self-contained document without scripts. The same report gives the same text. */
export function htmlDocument(report: Report): string {
  const style = styleOf(report)
  const references = referencesOf(report)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicyOf({ style })}">
<title>${titleOf(report)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<style>${new Html(style)}</style>
</head>
<body${report.synthetic ? html` class="synthetic"` : undefined}>
<a class="skip" href="#summary">Skip to the summary</a>
${definitions()}
${masthead(report)}
<nav class="contents" aria-label="Contents"><ul>${contents.map(([place, title]) => html`<li><a href="#${place}">${title}</a></li>`)}</ul></nav>
<main>
${pageOneSection(report, references, digestOf(report as unknown as Json))}
${coverageSection(report)}
${riskSection(report, references)}
${controlSection(report, references)}
${remediationSection(report)}
${exceptionSection(report, references)}
${methodSection(report)}
${evidenceSection(report, references)}
</main>
<footer class="end"><p>End of the report ${cut(report.id, 40)}.${report.synthetic ? ' Synthetic data.' : ''}</p></footer>
</body>
</html>
`.markup
}

function titleOf({ title, organisation, period, synthetic }: Report): string {
  const parts = [cut(title, 80), cut(organisation, 60), periodName(period.name).long, synthetic ? 'synthetic data' : '']
  return parts.filter(part => part !== '').join(' · ')
}
