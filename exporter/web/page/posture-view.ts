import type { EpochMs } from '../../../core/clock.ts'
import { isScheduled } from '../../../core/labels/posture.ts'
import { currentFindings, type ReadPosture } from '../../pipeline/posture/current-findings.ts'
import type { PostureView } from './model.ts'

const SHOWN_FINDINGS = 50
const SHOWN_UNKNOWN = 20

/** Undefined where no snapshot is known. */
export function postureView(posture: ReadPosture, now: EpochMs): PostureView | undefined {
  const subjects = [...posture.subjects]
  const snapshots = subjects.flatMap(({ gateway, snapshots }) =>
    [...snapshots.values()].filter(({ producer }) => isScheduled(producer)).map(held => ({ gateway, held })),
  )
  const findings = currentFindings(posture, now)
  if (snapshots.length === 0 && findings.length === 0) return undefined
  return {
    open: findings.filter(({ acceptance }) => acceptance === undefined).length,
    accepted: findings.filter(({ acceptance }) => acceptance !== undefined).length,
    findings: findings.slice(0, SHOWN_FINDINGS).map(({ gateway, trustZone, finding, acceptance }) => {
      const { who, why, until } = acceptance ?? {}
      const accepted = who === undefined || why === undefined || until === undefined ? undefined : { who, why, until }
      return { gateway, trustZone, ...finding, ...(accepted !== undefined && { accepted }) }
    }),
    unknown: snapshots
      .filter(({ held }) => !posture.isValid(held, now))
      .slice(0, SHOWN_UNKNOWN)
      .map(({ gateway, held: { producer, time } }) => ({ gateway, producer, time })),
  }
}
