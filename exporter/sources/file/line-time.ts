import type { EpochMs } from '../../../core/clock.ts'
import { lineOpener } from '../../../decoding/registry.ts'

/** How many lines from the end of a chunk are looked at for a time. */
const LINES_TO_TRY = 16

const quoted = (line: string, key: string): EpochMs | undefined => {
  const at = line.lastIndexOf(`"${key}":"`)
  if (at < 0) return undefined
  const start = at + key.length + 4
  const end = line.indexOf('"', start)
  const time = end > start && end - start <= 40 ? Date.parse(line.slice(start, end)) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

/** When the journal took an entry, in microseconds. */
const JOURNAL_TIME = /"__REALTIME_TIMESTAMP"(?::| : )"(\d{1,13})\d{3}"/

const timeOfEntry = (line: string): EpochMs | undefined => {
  const milliseconds = JOURNAL_TIME.exec(line)?.[1]
  return milliseconds === undefined ? undefined : Number(milliseconds)
}

/** What may precede the first line of a file: a byte order mark, as latin1 reads it too, and NULs. */
const PADDING = /^(?:\0|\ufeff|\u00ef\u00bb\u00bf)+/

/**
 * When the gateway wrote a line, read without parsing it: its `time`, else `_meta.date`, else when the journal took it. What a caller wrote cannot be
 * there: only JSON is read, behind the header of an envelope too, and within a JSON string a quotation mark is escaped,
 * so that the searched text occurs only as a key. In a line of text it may be anybody's.
 */
export const timeOfLine = (line: string): EpochMs | undefined => {
  const text = line.replace(PADDING, '')
  const isJson = text.startsWith('{') || lineOpener.openText(text)?.record.startsWith('{') === true
  return isJson ? (quoted(text, 'time') ?? quoted(text, 'date') ?? timeOfEntry(text)) : undefined
}

/** The time of the last line of a chunk (complete lines only) that has one. */
export const timeOfLastLine = (chunk: Buffer): EpochMs | undefined => {
  let end = chunk.length
  for (let tried = 0; tried < LINES_TO_TRY && end > 0; tried++) {
    const start = end < 2 ? 0 : chunk.lastIndexOf(10, end - 2) + 1
    const time = timeOfLine(chunk.toString('latin1', start, end))
    if (time !== undefined) return time
    end = start
  }
  return undefined
}
