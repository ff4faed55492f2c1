import { isObject } from '../../core/json.ts'
import { type Fields, MAX_LINE_LENGTH } from '../toolkit/fields.ts'
import { type PathReader, pathReader } from '../toolkit/path.ts'
import type { OpenDocument } from '../toolkit/record.ts'
import { areOfKnownProgram } from './programs.ts'

/**
 * The one place where a shipper puts a record that it has read: a raw line as text, or the object that it made of it.
 * An envelope knows nothing of dialects. A document in which all of its marks are present is opened at its place and
 * nowhere else, and the whole of that field is the record.
 */
export interface Envelope {
  /** Value of the key `envelope` of a source. Frozen. */
  readonly name: string
  /** What its shipper alone writes; two at least, because a single field may also be written by others. */
  readonly marks: readonly [Mark, Mark, ...Mark[]]
  readonly record: RecordPlace
  /** Fields that name the program of a record, where the writer collects those of every program. */
  readonly programs?: readonly string[]
  /** The field by which its writer says that the kernel wrote the record, and no program. */
  readonly kernel?: Required<Mark>
  readonly documentation: EnvelopeDocumentation
}

/** A field, by its path, nested or with dots in its keys. */
export interface Mark {
  readonly path: string
  /** Its text, exactly. Without it the field holds anything but null. */
  readonly value?: string
}

/** Path of the field that is the record: as a raw line, or as a parsed object. */
export type RecordPlace = { readonly raw: string } | { readonly parsed: string }

/** What docs/decoders.md says of an envelope, in Markdown. */
export interface EnvelopeDocumentation {
  /** Its row in the table of envelopes: who writes it. */
  readonly writtenBy: string
}

/** Opens a document in the first of some envelopes whose marks it has. */
export function createOpener(envelopes: readonly Envelope[]): OpenDocument {
  const compiled = envelopes.map(({ marks, programs, kernel, record }) => ({
    open: openAt(record),
    marks: marks.map(compileMark),
    programs: programs?.map(pathReader),
    kernel: kernel && [compileMark(kernel)],
  }))
  return document => {
    for (const { open, marks, programs, kernel } of compiled) {
      const record = open(document)
      if (record === undefined || !hasAll(document, marks)) continue
      if (programs === undefined || (kernel !== undefined && hasAll(document, kernel))) return record
      if (areOfKnownProgram(textsAt(document, programs))) return record
    }
    return undefined
  }
}

/** Tells whether a document holds a record of the kernel, by the first of some envelopes whose marks it has. */
export function createKernelTest(envelopes: readonly Envelope[]): (document: Fields) => boolean {
  const compiled = envelopes.flatMap(({ marks, kernel }) => (kernel ? [[kernel, ...marks].map(compileMark)] : []))
  return document => compiled.some(marks => hasAll(document, marks))
}

/** Opens every document at this place, whatever marks it has: for a source whose configuration names the place. */
export function openAt(place: RecordPlace): OpenDocument {
  const read = pathReader(pathOf(place))
  if ('raw' in place) {
    return document => {
      const line = read(document)
      if (typeof line === 'string') return line
      return Array.isArray(line) && line.length <= MAX_LINE_LENGTH ? textOfBytes(line) : undefined
    }
  }
  return document => {
    const record = read(document)
    return isObject(record) ? record : undefined
  }
}

/** Fields of a document by which an envelope is recognised and in which its record is. */
export function envelopeFields({ marks, programs = [], kernel, record }: Envelope): readonly string[] {
  return [...marks.map(({ path }) => path), ...programs, ...(kernel ? [kernel.path] : []), pathOf(record)]
}

export function pathOf(place: RecordPlace): string {
  return 'raw' in place ? place.raw : place.parsed
}

function textsAt(document: Fields, readers: readonly PathReader[]): string[] {
  return readers.map(read => read(document)).filter(value => typeof value === 'string')
}

/** The text of a list of bytes, as systemd's journal writes what is not printable. */
function textOfBytes(list: readonly unknown[]): string | undefined {
  const isByte = (value: unknown): value is number =>
    Number.isInteger(value) && Number(value) >= 0 && Number(value) < 256
  return list.length > 0 && list.every(isByte) ? new TextDecoder().decode(Uint8Array.from(list)) : undefined
}

interface CompiledMark {
  readonly read: PathReader
  readonly value: string | undefined
}

const compileMark = ({ path, value }: Mark): CompiledMark => ({ read: pathReader(path), value })

function hasAll(document: Fields, marks: readonly CompiledMark[]): boolean {
  for (let index = 0; index < marks.length; index++) {
    const { read, value } = marks[index] as CompiledMark
    const found = read(document)
    if (value === undefined ? found === undefined || found === null : found !== value) return false
  }
  return true
}
