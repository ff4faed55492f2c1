import { inflateSync } from 'node:zlib'
import { Fault } from '../../../core/errors.ts'
import {
  isDictionary,
  isName,
  isReference,
  isStream,
  isWord,
  type PdfDictionary,
  PdfReader,
  type PdfStream,
  type PdfValue,
} from './objects.ts'

/** More than the content of any page. */
const MAX_INFLATED = 64 * 1024 * 1024
const MAX_OBJECTS = 2_000_000

/**
 * A PDF in the form that Chromium writes: one table of objects, at the end of the file, and nothing compressed but streams.
 * Other forms are refused with a sentence.
 */
export class PdfFile {
  readonly #bytes: Buffer
  readonly #text: string
  readonly #offsets: ReadonlyMap<number, number>
  readonly #objects = new Map<number, PdfValue>()
  readonly trailer: PdfDictionary

  /** @throws Fault where the bytes are no PDF of that form */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#text = this.#bytes.toString('latin1')
    if (!this.#text.startsWith('%PDF-')) throw new Fault('it is no PDF')
    const { offsets, trailer } = this.#readTable()
    this.#offsets = offsets
    this.trailer = trailer
  }

  /** The value itself, where it is a reference to one. */
  resolve(value: PdfValue | undefined): PdfValue {
    if (!isReference(value)) return value ?? null
    const known = this.#objects.get(value.reference)
    if (known !== undefined) return known
    const object = this.#readObject(value.reference)
    this.#objects.set(value.reference, object)
    return object
  }

  dictionary(value: PdfValue | undefined): PdfDictionary {
    const found = this.resolve(value)
    if (isStream(found)) return found.dictionary
    if (!isDictionary(found)) throw new Fault('it has something else where a dictionary has to be')
    return found
  }

  /** Bytes of a stream as they are in the file. */
  raw({ dictionary, start }: PdfStream): Buffer {
    const length = this.resolve(dictionary.get('Length'))
    if (typeof length !== 'number' || !(length >= 0 && start + length <= this.#bytes.length)) {
      throw new Fault('a stream of it has no valid length')
    }
    return this.#bytes.subarray(start, start + length)
  }

  /** Bytes of a stream, decompressed. */
  inflated(stream: PdfStream): Buffer {
    const filter = this.resolve(stream.dictionary.get('Filter'))
    if (filter === null) return this.raw(stream)
    if (!isName(filter) || filter.name !== 'FlateDecode') throw new Fault('a stream of it has an unknown filter')
    try {
      return inflateSync(this.raw(stream), { maxOutputLength: MAX_INFLATED })
    } catch (cause) {
      throw new Fault('a stream of it cannot be decompressed', { cause })
    }
  }

  /** Where an object begins, for what is overwritten in place. */
  offsetOf(object: number): number {
    const offset = this.#offsets.get(object)
    if (offset === undefined) throw new Fault(`it has no object ${object}`)
    return offset
  }

  #readTable() {
    const mark = this.#text.lastIndexOf('startxref')
    if (mark < 0) throw new Fault('it has no table of objects: it is not complete')
    const at = new PdfReader(this.#text, mark + 'startxref'.length).value()
    if (typeof at !== 'number' || !this.#text.startsWith('xref', at)) {
      throw new Fault('its table of objects is not where it says, or in another form than that of Chromium')
    }
    const reader = new PdfReader(this.#text, at + 'xref'.length)
    const offsets = new Map<number, number>()
    for (;;) {
      const first = reader.next()
      if (isWord(first) && first.word === 'trailer') break
      const count = reader.value()
      if (typeof first !== 'number' || typeof count !== 'number' || count > MAX_OBJECTS) {
        throw new Fault('its table of objects is damaged')
      }
      for (let object = first; object < first + count; object += 1) {
        const offset = reader.value()
        reader.value()
        const kind = reader.next()
        if (typeof offset === 'number' && isWord(kind) && kind.word === 'n') offsets.set(object, offset)
      }
    }
    const trailer = reader.value()
    if (!isDictionary(trailer)) throw new Fault('it has no trailer')
    return { offsets, trailer }
  }

  #readObject(number: number): PdfValue {
    const offset = this.#offsets.get(number)
    // A reference to an object that is not there is null, as the format says.
    if (offset === undefined) return null
    const reader = new PdfReader(this.#text, offset)
    const found = reader.value()
    reader.value()
    if (found !== number || reader.word() !== 'obj') throw new Fault(`its object ${number} is not where its table says`)
    const value = reader.value()
    if (!isDictionary(value) || reader.word() !== 'stream') return value
    const start = this.#text.startsWith('\r\n', reader.at) ? reader.at + 2 : reader.at + 1
    return { dictionary: value, start }
  }
}
