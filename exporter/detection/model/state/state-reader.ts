import { LARGE } from './state-writer.ts'

/** Reads what `StateWriter` wrote, in the same order. Throws RangeError past the end. */
export class StateReader {
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  /** A whole number below a limit that the code fixes. Throws RangeError where it is not. */
  below(limit: number): number {
    const value = this.u32()
    if (value >= limit) throw new RangeError(`${value} where less than ${limit} is possible`)
    return value
  }

  f32(): number {
    return this.#view.getFloat32(this.#advance(4), true)
  }

  f64(): number {
    return this.#view.getFloat64(this.#advance(8), true)
  }

  flag(): boolean {
    return this.u32() === 1
  }

  f64s(): number[] {
    return Array.from({ length: this.u32() }, () => this.f64())
  }

  /** Fills an array whose length is fixed by the code. */
  f64sInto(target: { readonly length: number; [index: number]: number }): void {
    this.u32()
    for (let i = 0; i < target.length; i++) target[i] = this.f64()
  }

  f32sInto(target: Float32Array): void {
    for (let i = 0; i < target.length; i++) target[i] = this.f32()
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true)
  }

  u16sInto(target: Uint16Array): void {
    for (let i = 0; i < target.length; i++) target[i] = this.u16()
  }

  count(): number {
    const value = this.u16()
    return value === LARGE ? this.f64() : value
  }

  text(): string {
    let text = ''
    for (let left = this.u32(); left > 0; left--)
      text += String.fromCharCode(this.#view.getUint16(this.#advance(2), true))
    return text
  }

  #advance(size: number): number {
    const at = this.#at
    this.#at += size
    return at
  }
}
