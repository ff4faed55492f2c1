import { liveDocument, type RenderedPage } from './document.ts'
import type { PageModel } from './model.ts'
import { blockSection } from './sections/blocks.ts'
import { intelligenceSection, playbookSection } from './sections/configured.ts'
import { deadLetterSection } from './sections/dead-letters.ts'
import { incidentSection, proposalSection } from './sections/incidents.ts'
import { verdict } from './sections/verdict.ts'

/** The page at `/`: what is wrong and what to do, what waits, what is blocked, what was done and why. The same model gives the same bytes. */
export function remediationPage(model: PageModel): RenderedPage {
  return liveDocument('clawtrust remediation', model, [
    verdict(model),
    proposalSection(model),
    blockSection(model),
    deadLetterSection(model),
    incidentSection(model),
    playbookSection(model),
    intelligenceSection(model),
  ])
}
