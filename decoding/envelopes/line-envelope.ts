import type { EpochMs } from '../../core/clock.ts'
import type { Fields } from '../toolkit/fields.ts'
import type { OpenDocument } from '../toolkit/record.ts'
import { readTime } from '../toolkit/time.ts'
import { createKernelTest, createOpener, type Envelope, type EnvelopeDocumentation, type Mark } from './envelope.ts'

/**
 * What a container runtime or a log daemon writes around each line that it reads from a program. It knows nothing of
 * dialects. A line in no known form is asked for its envelope, and the whole rest is the record; it is opened once.
 */
export type LineEnvelope = JsonLineEnvelope | TextLineEnvelope

/** The line is a JSON object: its marks are fields, its record is one field with the line as text. */
export interface JsonLineEnvelope extends Envelope {
  readonly record: { readonly raw: string }
  /** Every field that its writer writes, where these are few: an object with another one is by another program. */
  readonly onlyFields?: readonly string[]
  /** When its writer took the line. */
  readonly time?: TimeField
  /** Present where the text ends with its newline, and a part of a line that was split does not. */
  readonly endsWithNewline?: true
  /** Present where its writer writes null instead of a text that is too long for it. */
  readonly leavesOut?: true
  /** Present where fields say that a line was split; the first pair whose stream an object names. */
  readonly parts?: readonly PartFields[]
}

/** A field with a time: ISO 8601 with an offset, or microseconds since 1970 in digits. */
export interface TimeField {
  readonly path: string
  readonly unit: 'iso' | 'microseconds'
}

/** How an object says that it is a part of a line. */
export interface PartFields {
  /** Names the stream that the line was read from; objects of other streams may lie between its parts. */
  readonly stream: string
  /** In every part but the last one. */
  readonly continued: Required<Mark>
}

/** The line begins with a header, which holds at least two marks; the record is everything after it. */
export interface TextLineEnvelope {
  readonly name: string
  /**
   * Matches the whole header at the beginning of a line, without quantifiers that overlap. Its group `time` is when the
   * writer took the line; only ISO 8601 with an offset is read. Its group `seconds` is the same in seconds since 1970.
   */
  readonly header: RegExp
  /** Present where other programs write such a header too: it is one only before an object, or before a text that a dialect recognises. */
  readonly isBeforeRecords?: true
  /** Of such a header: when its writer took the line, in a group `time`, where it writes that behind the header. */
  readonly takenAt?: RegExp
  /**
   * Present where the header is before each event and not before each line of one: a client that can write a line break
   * into an event writes a line without the header, or with one of its own.
   */
  readonly isOfEvents?: true
  /** Decides by the header's group `program`, where the writer collects the lines of every program. */
  readonly isOpened?: (program: string) => boolean
  /** Decides by the header's groups whether the kernel wrote the line, and no program. */
  readonly isOfKernel?: (groups: HeaderGroups) => boolean
  /** Matches a header with which a part of a line begins that was split. */
  readonly partHeader?: RegExp
  /** What its writer writes instead of a text that it does not print; it ends with `end`. */
  readonly leftOut?: { readonly record: RegExp; readonly end: string }
  readonly documentation: EnvelopeDocumentation
}

/** The named parts of a header; those that a line does not have are undefined. */
export type HeaderGroups = Readonly<Record<string, string | undefined>>

/** Opens the lines of files. */
export interface LineOpener {
  /** The record in a line that is a JSON object; undefined where no envelope has these marks. */
  openObject(fields: Fields): OpenedLine | undefined
  /** The record after the header of a line; undefined where no envelope begins like this. */
  openText(line: string): OpenedLine | undefined
  /** The names of the program whose record an object or a line holds; none where its envelope names none. */
  programsOf(line: Fields | string): readonly string[]
}

/** What an envelope holds: a whole record, or a part of one, which may be empty. */
export interface OpenedLine {
  readonly record: string
  readonly isPart: boolean
  /** Present where its writer left the record out. */
  readonly isLeftOut?: true
  /** Present where the kernel wrote it: no program, and no client of one, can have. */
  readonly isOfKernel?: true
  /** Reads when the writer of the envelope took the line, where it says so: few records need it. */
  readonly time: () => EpochMs | undefined
}

/**
 * @param envelopes the first one whose marks a line has opens it
 * @param isText true for a line of text that a dialect recognises
 */
export function createLineOpener(envelopes: readonly LineEnvelope[], isText: (line: string) => boolean): LineOpener {
  const ofJson = envelopes.filter(isOfJson).map(envelope => ({
    open: lineOpenerOf(envelope),
    isPart: partTest(envelope),
    leftOut: placeLeftOut(envelope),
    isOfKernel: createKernelTest([envelope]),
    time: envelope.time,
  }))
  const ofText = envelopes.filter(isOfText)
  const naming = envelopes
    .filter(isOfJson)
    .flatMap(envelope => (envelope.programs ? [{ open: lineOpenerOf(envelope), paths: envelope.programs }] : []))
  return {
    programsOf(line) {
      if (typeof line === 'string') return ofText.flatMap(envelope => headerIn(envelope, line)?.groups.program ?? [])
      const paths = naming.find(({ open }) => open(line) !== undefined)?.paths ?? []
      return paths.map(path => line[path]).filter(name => typeof name === 'string')
    },
    openObject(fields) {
      for (const { open, isPart, leftOut, isOfKernel, time } of ofJson) {
        const record = open(fields)
        const isLeftOut = leftOut !== undefined && fields[leftOut] === null
        if (isLeftOut && open({ ...fields, [leftOut]: '' }) !== undefined)
          return { record: '', isPart: true, isLeftOut: true, time: unknownTime }
        if (typeof record !== 'string') continue
        const opened = { record, isPart: isPart(fields, record), time: () => timeIn(fields, time) }
        return isOfKernel(fields) ? { ...opened, isOfKernel: true } : opened
      }
      return undefined
    },
    openText(line) {
      for (const envelope of ofText) {
        const found = headerIn(envelope, line)
        if (found === undefined) continue
        const { groups, record } = found
        const { isOpened, isOfKernel, leftOut, partHeader } = envelope
        const ofKernel = isOfKernel?.(groups) ?? false
        if (!ofKernel && isOpened?.(groups.program ?? '') === false) continue
        if (leftOut?.record.test(record)) return { record, isPart: true, isLeftOut: true, time: unknownTime }
        const opened = { record, isPart: partHeader?.test(line) ?? false, time: () => timeOf(groups) }
        return ofKernel ? { ...opened, isOfKernel: true } : opened
      }
      return undefined
    },
  }

  /** The groups of the header, and what follows it; undefined where the line does not begin with the header. */
  function headerIn({ header, isBeforeRecords, takenAt }: TextLineEnvelope, line: string) {
    const found = header.exec(line)
    if (found === null) return undefined
    const groups: HeaderGroups = found.groups ?? NO_GROUPS
    const record = line.slice(found[0].length)
    if (!isBeforeRecords || isRecord(record)) return { groups, record }
    // A time with which a record begins is the record's own.
    const taken = takenAt?.exec(record)
    const rest = taken && record.slice(taken[0].length)
    return rest && isRecord(rest) ? { groups: { ...groups, ...taken.groups }, record: rest } : undefined
  }

  function isRecord(text: string): boolean {
    return text.startsWith('{') || isText(text)
  }
}

/** Opens an object that the writer of an envelope wrote, and no other. */
export function lineOpenerOf(envelope: JsonLineEnvelope): OpenDocument {
  const { onlyFields } = envelope
  const open = createOpener([envelope])
  if (onlyFields === undefined) return open
  return fields => {
    const record = open(fields)
    return record !== undefined && Object.keys(fields).every(name => onlyFields.includes(name)) ? record : undefined
  }
}

function timeIn(fields: Fields, field: TimeField | undefined): EpochMs | undefined {
  if (field === undefined) return undefined
  const value = fields[field.path]
  if (field.unit === 'iso') return readTime(value)
  const isCount = typeof value === 'string' && /^\d{13,16}$/.test(value)
  return isCount ? Math.floor(Number(value) / 1000) : undefined
}

/** ISO 8601 allows a comma before the decimals too, and dmesg writes it. */
function timeOf({ time, seconds }: HeaderGroups): EpochMs | undefined {
  return readTime(seconds === undefined ? time?.replace(',', '.') : Math.round(Number(seconds) * 1000))
}

const unknownTime = (): undefined => undefined
const NO_GROUPS: HeaderGroups = {}

function placeLeftOut({ leavesOut, record }: JsonLineEnvelope): string | undefined {
  return leavesOut ? record.raw : undefined
}

/** Tells whether others follow, by an object and the text in it. */
function partTest({ endsWithNewline, parts = [] }: JsonLineEnvelope): (fields: Fields, record: string) => boolean {
  if (endsWithNewline) return (_fields, record) => !record.endsWith('\n')
  return fields => parts.some(({ continued }) => fields[continued.path] === continued.value)
}

const isOfJson = (envelope: LineEnvelope): envelope is JsonLineEnvelope => 'record' in envelope
const isOfText = (envelope: LineEnvelope): envelope is TextLineEnvelope => 'header' in envelope
