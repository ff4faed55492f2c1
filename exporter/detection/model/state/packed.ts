/**
 * A number in 16 bits by its logarithm: ±10^-7 to ±10^12, exact to 0.07 %, and 0. What is unpacked is packed to the same
 * bits, so that a sum of unpacked numbers loses exactly what it was given.
 */
const SMALLEST = 1e-7
const LARGEST_EXPONENT = 32_767
const STEP = 44 / LARGEST_EXPONENT
const SIGN = 0x8000

/** By the exponent, 0 for none. */
const sizes = new Float64Array(LARGEST_EXPONENT + 1)
for (let exponent = 1; exponent <= LARGEST_EXPONENT; exponent++) {
  sizes[exponent] = SMALLEST * Math.exp((exponent - 1) * STEP)
}

export function packed(value: number): number {
  const size = Math.abs(value)
  if (!(size >= SMALLEST)) return 0
  const exponent = Math.min(LARGEST_EXPONENT, 1 + Math.round(Math.log(size / SMALLEST) / STEP))
  return value < 0 ? exponent | SIGN : exponent
}

export function unpacked(bits: number): number {
  const size = sizes[bits & ~SIGN] as number
  return bits & SIGN ? -size : size
}
