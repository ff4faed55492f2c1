const { PI, cos, exp, floor, imul, log, max, round, sqrt } = Math

/**
 * SecCount's random numbers: a linear congruential generator of 32 bits, and the draws made from it. The order of the
 * draws is part of the benchmark's definition.
 */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** Uniform in [0, 1), 24 bits. */
  uniform(): number {
    this.#state = (imul(this.#state, 1664525) + 1013904223) >>> 0
    return (this.#state >>> 8) / 2 ** 24
  }

  /** Whole number in [0, limit). */
  below(limit: number): number {
    return floor(limit * this.uniform())
  }

  /** Standard normal, by Box and Muller: the first draw makes the root. */
  gauss(): number {
    const root = sqrt(-2 * log(1 - this.uniform()))
    return root * cos(2 * PI * this.uniform())
  }

  /** Gamma with this shape and scale 1, by Marsaglia and Tsang (ACM TOMS 26, 2000). */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * (1 - this.uniform()) ** (1 / shape)
    const d = shape - 1 / 3
    const c = 1 / sqrt(9 * d)
    for (;;) {
      const x = this.gauss()
      if (1 + c * x <= 0) continue
      const v = (1 + c * x) ** 3
      const q = 1 - this.uniform()
      if (log(q) < (x * x) / 2 + d - d * v + d * log(v)) return d * v
    }
  }

  /** Poisson: products of uniforms, above 50 a rounded normal. */
  poisson(mean: number): number {
    if (mean <= 0) return 0
    if (mean > 50) return max(0, round(mean + sqrt(mean) * this.gauss()))
    const limit = exp(-mean)
    let count = 0
    let product = 1
    do {
      count++
      product *= 1 - this.uniform()
    } while (product > limit)
    return count - 1
  }

  /** Negative binomial with this mean and variance mean + φ·mean². */
  negativeBinomial(mean: number, dispersion: number): number {
    return mean <= 0 ? 0 : this.poisson(mean * dispersion * this.gamma(1 / dispersion))
  }
}
