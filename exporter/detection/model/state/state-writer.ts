/** Marks a count that 16 bits do not hold. */
export const LARGE = 65_535

/**
 * Writes a scorer's state as bytes, little-endian, so that every number comes back with the same bits.
 * Grows as needed; `bytes` hands out a copy of what was written.
 */
export class StateWriter {
  #buffer = new Uint8Array(4096)
  #view = new DataView(this.#buffer.buffer)
  #length = 0

  u32(value: number): void {
    const at = this.#room(4)
    this.#view.setUint32(at, value, true)
  }

  f32(value: number): void {
    const at = this.#room(4)
    this.#view.setFloat32(at, value, true)
  }

  f64(value: number): void {
    const at = this.#room(8)
    this.#view.setFloat64(at, value, true)
  }

  flag(value: boolean): void {
    this.u32(value ? 1 : 0)
  }

  /** A list of numbers with its length in front. */
  f64s(values: ArrayLike<number>): void {
    this.u32(values.length)
    for (let i = 0; i < values.length; i++) this.f64(values[i] as number)
  }

  /** Numbers of 32 bits, as many as the code fixes. */
  f32s(values: Float32Array): void {
    for (const value of values) this.f32(value)
  }

  /** A whole number up to 65,535. */
  u16(value: number): void {
    const at = this.#room(2)
    this.#view.setUint16(at, value, true)
  }

  /** Whole numbers up to 65,535, as many as the code fixes. */
  u16s(values: Uint16Array): void {
    for (const value of values) this.u16(value)
  }

  /** A count: mostly 16 bits, behind a mark the number itself. */
  count(value: number): void {
    const isSmall = value < LARGE && Number.isInteger(value)
    this.u16(isSmall ? value : LARGE)
    if (!isSmall) this.f64(value)
  }

  /** A text with its length in front, as UTF-16 units: also a lone surrogate comes back as it was. */
  text(value: string): void {
    this.u32(value.length)
    for (let i = 0; i < value.length; i++) {
      const at = this.#room(2)
      this.#view.setUint16(at, value.charCodeAt(i), true)
    }
  }

  bytes(): Uint8Array {
    return this.#buffer.slice(0, this.#length)
  }

  /** Makes room for that many bytes, perhaps in a new buffer. @returns where they begin */
  #room(size: number): number {
    const at = this.#length
    this.#length += size
    if (this.#length > this.#buffer.length) {
      const larger = new Uint8Array(this.#buffer.length * 2)
      larger.set(this.#buffer)
      this.#buffer = larger
      this.#view = new DataView(larger.buffer)
    }
    return at
  }
}
