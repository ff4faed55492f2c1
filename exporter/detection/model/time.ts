/** Times are seconds since 1970-01-01 UTC. */
export const MINUTE_SECONDS = 60
export const HOUR_SECONDS = 3600
export const DAY_SECONDS = 86_400

/** Hour of the day, 0 to 23, UTC. */
export function hourOfDay(time: number): number {
  return positiveModulo(Math.floor(time / HOUR_SECONDS), 24)
}

/** The remainder that is never negative, so that times before 1970 work too. */
export function positiveModulo(value: number, modulus: number): number {
  const remainder = value % modulus
  return remainder < 0 ? remainder + modulus : remainder
}
