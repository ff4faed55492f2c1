import type { LateralMoves, Move } from './lateral-moves.ts'

/** Lateral moves for a terminal. Names of a policy have no characters that a terminal interprets. */
export function lateralMovesText(from: string, to: string | undefined, found: LateralMoves): string {
  const { passing, possible, unreached } = found
  const where = to === undefined ? '' : ` on a way to zone ${to}`
  const lines = [
    passing.length === 0
      ? `From zone ${from}, no move passes${where}.`
      : `From zone ${from}, ${moves(passing)} ${passing.length === 1 ? 'passes' : 'pass'}${where}:`,
    ...passing.map(moveLine),
  ]
  if (possible.length > 0) {
    lines.push('', `${moves(possible)} may pass, if what the policy does not say is so:`, ...possible.map(moveLine))
  }
  if (to === undefined && unreached.length > 0) lines.push('', `Not reached: ${unreached.join(', ')}`)
  return lines.map(line => `${line}\n`).join('')
}

const moves = (some: readonly Move[]): string => `${some.length} ${some.length === 1 ? 'move' : 'moves'}`

function moveLine({ step, from, to, source, destination, ports, rule, conditions, unknown }: Move): string {
  return [
    `  ${step}. ${from}${source === '' ? '' : ` (${source})`} -> ${to ?? '(no zone)'}${destination === '' ? '' : ` (${destination})`}`,
    `${ports}, by rule ${rule}`,
    ...(conditions.length === 0 ? [] : [`if ${conditions.join(' and ')}`]),
    ...(unknown.length === 0 ? [] : [`unknown: ${unknown.join(', ')}`]),
  ].join('; ')
}
