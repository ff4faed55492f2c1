import { valueAt } from '../../core/json.ts'
import { textOrder } from '../../core/text-order.ts'
import type { Changes, ControlResult, EvidencePiece, Report } from './report.ts'

const MOST_ZONES = 10

type Compared = Pick<Report, 'controls' | 'evidence'>

export const NO_CHANGES: Changes = {
  newlyFailing: [],
  fixed: [],
  stillFailing: [],
  newlyUnknown: [],
  newlyKnown: [],
  added: [],
  removed: [],
  byZone: [],
}

/** What differs from the report before. */
export function changesSince(before: Compared, now: Compared): Changes {
  const previous = new Map(before.controls.map(control => [control.id, control.status]))
  const current = new Set(now.controls.map(({ id }) => id))
  const idsOf = (holds: (status: ControlResult['status'], was: ControlResult['status']) => boolean) =>
    now.controls
      .filter(({ id, status }) => {
        const was = previous.get(id)
        return was !== undefined && holds(status, was)
      })
      .map(({ id }) => id)
  return {
    newlyFailing: idsOf((status, was) => status === 'fail' && was !== 'fail'),
    fixed: idsOf((status, was) => status === 'pass' && was === 'fail'),
    stillFailing: idsOf((status, was) => status === 'fail' && was === 'fail'),
    newlyUnknown: idsOf((status, was) => status === 'unknown' && was !== 'unknown'),
    newlyKnown: idsOf((status, was) => status !== 'unknown' && was === 'unknown'),
    added: now.controls.filter(({ id }) => !previous.has(id)).map(({ id }) => id),
    removed: before.controls.filter(({ id }) => !current.has(id)).map(({ id }) => id),
    byZone: zonesThatChanged(before.evidence, now.evidence),
  }
}

/** Values of trust zones in evidence that both reports asked for in the same words, those that differ most first. */
function zonesThatChanged(before: readonly EvidencePiece[], now: readonly EvidencePiece[]): Changes['byZone'] {
  const previous = new Map(before.map(piece => [keyOf(piece), piece]))
  const changed = now.flatMap(piece => {
    const earlier = previous.get(keyOf(piece))
    // What could not be read says nothing of a change.
    if (earlier === undefined || piece.value === null || earlier.value === null) return []
    const zones = [...new Set([...Object.keys(earlier.byZone), ...Object.keys(piece.byZone)])]
    return zones
      .filter(zone => isCount(piece) || [earlier, piece].every(one => valueIn(one, zone) !== undefined))
      .map(trustZone => ({
        trustZone,
        title: piece.title,
        before: valueIn(earlier, trustZone) ?? 0,
        now: valueIn(piece, trustZone) ?? 0,
      }))
      .filter(({ before: was, now: is }) => was !== is)
  })
  const weight = (row: Changes['byZone'][number]) => Math.abs(Math.log1p(row.now) - Math.log1p(row.before))
  return changed
    .sort((a, b) => weight(b) - weight(a) || textOrder(a.title, b.title) || textOrder(a.trustZone, b.trustZone))
    .slice(0, MOST_ZONES)
}

/** Measures of which a zone that is not there has no value, and not the value zero. */
const NO_COUNTS: ReadonlySet<unknown> = new Set([
  'share',
  'share_denied',
  'average',
  'last',
  'maximum',
  'minimum',
  'distinct',
])

const valueIn = ({ byZone }: EvidencePiece, zone: string): number | undefined =>
  Object.hasOwn(byZone, zone) ? byZone[zone] : undefined

const isCount = ({ request }: EvidencePiece): boolean => !NO_COUNTS.has(valueAt(request, 'measure'))

const keyOf = ({ kind, title }: EvidencePiece): string => JSON.stringify([kind, title])
