import type { EpochMs } from '../../../core/clock.ts'
import { severities } from '../../../core/labels/event.ts'
import { type Finding, openFindings } from '../../../decoding/toolkit/posture.ts'
import type { Acceptance } from './acceptances.ts'
import type { PostureSubject } from './held-posture.ts'
import type { Posture } from './posture.ts'

/** An open finding, and the acceptance of it that is in force. */
export interface CurrentFinding extends PostureSubject {
  readonly finding: Finding
  readonly acceptance: Acceptance | undefined
}

/** What of the posture is read by the page and the API. */
export type ReadPosture = Pick<Posture, 'subjects' | 'isValid' | 'acceptances'>

/** What is open by valid snapshots, the most severe first. */
export function currentFindings(posture: ReadPosture, now: EpochMs): readonly CurrentFinding[] {
  return [...posture.subjects]
    .flatMap(({ gateway, trustZone, snapshots }) => {
      const valid = [...snapshots.values()].filter(snapshot => posture.isValid(snapshot, now))
      return [...openFindings(valid).values()].map(finding => {
        return { gateway, trustZone, finding, acceptance: posture.acceptances.find(gateway, finding, now) }
      })
    })
    .sort((a, b) => severities.indexOf(b.finding.severity) - severities.indexOf(a.finding.severity))
}
