import type { LateralMoves, Move, PossibleMove } from './lateral-moves.ts'

/** Lateral moves for a terminal. Names of a policy have no characters that a terminal interprets. */
export function lateralMovesText(from: string, to: string | undefined, found: LateralMoves): string {
  const { passing, possible, possiblyReached, unreached } = found
  const where = to === undefined ? '' : ` on a way to zone ${to}`
  const lines = [
    passing.length === 0
      ? `From zone ${from}, no move passes${where}.`
      : `From zone ${from}, ${moves(passing)} ${passing.length === 1 ? 'passes' : 'pass'}${where}:`,
    ...passing.map(move => line(move, zoneAnd(move.to ?? '(no zone)', move.destination), [])),
  ]
  if (possible.length > 0) {
    lines.push(
      '',
      `${moves(possible)} may pass${where}, if what the policy does not say is so:`,
      ...possible.map(move => line(move, move.destination || move.zones.join(' or '), move.unknown)),
    )
  }
  if (to === undefined && possiblyReached.length > 0) {
    lines.push('', `Reached only if these pass, or moves that follow from them: ${possiblyReached.join(', ')}`)
  }
  if (to === undefined && unreached.length > 0) lines.push('', `Not reached: ${unreached.join(', ')}`)
  return lines.map(one => `${one}\n`).join('')
}

const moves = (some: readonly unknown[]): string => `${some.length} ${some.length === 1 ? 'move' : 'moves'}`

const zoneAnd = (zone: string, part: string): string => (part === '' ? zone : `${zone} (${part})`)

function line(move: Omit<PossibleMove | Move, 'to'>, destination: string, unknown: readonly string[]): string {
  const { step, from, source, ports, rule, conditions } = move
  return [
    `  ${step}. ${zoneAnd(from, source)} -> ${destination}`,
    `${ports}, by rule ${rule}`,
    ...(conditions.length === 0 ? [] : [`if ${conditions.join(' and ')}`]),
    ...(unknown.length === 0 ? [] : [`unknown: ${unknown.join(', ')}`]),
  ].join('; ')
}
