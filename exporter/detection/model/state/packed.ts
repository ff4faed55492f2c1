/**
 * A number in 16 bits by its logarithm: ±10^-7 to ±10^13, exact to 0.07 %, and 0. What is unpacked is packed to the same
 * bits, so that a sum of unpacked numbers loses exactly what it was given.
 */
const SMALLEST = 1e-7
const STEP = 44 / 32_766
const SIGN = 0x8000

export function packed(value: number): number {
  const size = Math.abs(value)
  if (!(size >= SMALLEST)) return 0
  const exponent = Math.min(32_767, 1 + Math.round(Math.log(size / SMALLEST) / STEP))
  return value < 0 ? exponent | SIGN : exponent
}

export function unpacked(bits: number): number {
  const exponent = bits & ~SIGN
  if (exponent === 0) return 0
  const size = SMALLEST * Math.exp((exponent - 1) * STEP)
  return bits & SIGN ? -size : size
}
