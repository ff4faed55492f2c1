import { header } from '../../../../service/page/header.ts'
import { Html, html } from '../../../../service/page/html.ts'
import { refreshScript, refreshSeconds } from '../../../../service/page/refresh.ts'
import { contentSecurityPolicyOf, pageHeadersOf } from '../../../../service/page/security.ts'
import { style } from '../../../../service/page/style.ts'
import { hatchDefinition } from '../marks.ts'
import type { PageModel } from '../model.ts'
import { rankZones } from '../ranking.ts'
import { coverageSection } from './coverage.ts'
import { daySection } from './days.ts'
import { episodeSection } from './episodes.ts'
import { eventSection } from './events.ts'
import { feedbackSection } from './feedback.ts'
import { gatewaySection } from './gateways.ts'
import { notes } from './notes.ts'
import { offenderSection } from './offenders.ts'
import { postureSection } from './posture.ts'
import { sourceSection } from './sources.ts'
import { verdict } from './verdict.ts'
import { versionSection } from './versions.ts'
import { zoneSection } from './zones.ts'

const icon =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 24 24%22%3E%3Cpath fill=%22%233d79b8%22 d=%22M12 1 3 5v6c0 5.6 3.8 10.3 9 12 5.2-1.7 9-6.4 9-12V5z%22/%3E%3C/svg%3E'

/** The document's own policy, also in its meta element: its one style sheet, its one script, its own address, nothing else. */
const contentSecurityPolicy = contentSecurityPolicyOf({ style, script: refreshScript })

/** Headers that go with the document. */
export const pageHeaders = pageHeadersOf(contentSecurityPolicy)

/** The page at `/`: one self-contained document. The same model gives the same bytes. */
export function renderPage(model: PageModel): string {
  const zones = rankZones(model.zones)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<title>clawtrust</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${icon}">
<noscript><meta http-equiv="refresh" content="${refreshSeconds * 2}"></noscript>
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" id="skip" href="#main">Skip to the trust zones</a>
${hatchDefinition()}
${header(model)}
<main id="main" class="wrap" tabindex="-1">
${verdict(model, zones)}
${notes(model.notes)}
${zoneSection(zones)}
${episodeSection(model.episodes, model.now)}
${feedbackSection(model.feedback)}
${postureSection(model.posture)}
${daySection(model.days)}
${eventSection(model)}
<div class="pair">${offenderSection(model)}${gatewaySection(model)}</div>
${sourceSection(model)}
${versionSection(model)}
${coverageSection(model)}
</main>
<footer><div class="wrap">
${documentationLine(model.documentation)}
<nav aria-label="Endpoints"><ul><li><a href="/metrics">Metrics</a></li><li><a href="/-/healthy">Healthy</a></li><li><a href="/-/ready">Ready</a></li></ul></nav>
</div></footer>
<script>${new Html(refreshScript)}</script>
</body>
</html>
`.markup
}

function documentationLine(documentation: string | undefined): Html {
  return html`<p>${documentation === undefined ? html`See the documentation in the folder <code>docs</code> of clawtrust.` : html`<a href="${documentation}">Documentation</a>`}</p>`
}
