import type { RenderedPage } from '../../../../service/page/document.ts'
import { liveDocument } from '../document.ts'
import type { PageModel } from '../model.ts'
import { blockSection } from './blocks.ts'
import { intelligenceSection, playbookSection } from './configured.ts'
import { deadLetterSection } from './dead-letters.ts'
import { incidentSection, proposalSection } from './incidents.ts'
import { verdict } from './verdict.ts'

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
