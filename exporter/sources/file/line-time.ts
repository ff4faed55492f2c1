import type { EpochMs } from '../../../core/clock.ts'

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

/**
 * When the gateway wrote a line, read without parsing it: its `time`, else `_meta.date`. What a caller wrote cannot be
 * there: a quotation mark within a JSON string is escaped, so the searched text occurs only as a key.
 */
export const timeOfLine = (line: string): EpochMs | undefined => quoted(line, 'time') ?? quoted(line, 'date')

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
