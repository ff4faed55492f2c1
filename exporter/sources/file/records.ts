import type { DecodedLines } from '../../contracts/lines-decoding.ts'
import type { Place, SourceRecord } from '../../contracts/source.ts'
import type { ScannedLines } from './lines.ts'
import { type FilePosition, forgeableAt } from './position.ts'
import type { ChunkLines } from './read-ahead.ts'
import { nothingRead, type ReadLines } from './read-lines.ts'

/** Makes records of the lines of a file, with ids that no other line has. */
export class FileRecords {
  readonly #key: string
  #place: Place | undefined

  /** @param key that of the file */
  constructor(key: string) {
    this.#key = key
  }

  placeAt(path: string): Place {
    if (this.#place?.name !== path) this.#place = { kind: 'file', name: path }
    return this.#place
  }

  /** @param start where its line begins, counted from the offset of the position */
  of(
    { content, generation, begun, offset, gateway, path, forgeableTo }: FilePosition,
    body: string,
    start: number,
  ): SourceRecord {
    const since = begun === undefined ? '' : `.${begun.toString(36)}`
    const id = `${this.#key}.${generation}.${content}${since}:${offset + start}`
    const place = this.placeAt(path)
    const record = gateway === undefined ? { id, body, place } : { id, body, place, gateway }
    const forgeable = forgeableAt(forgeableTo, offset + start)
    return forgeable === undefined ? record : { ...record, forgeable }
  }

  /** @param placeOf where a line begins, counted from the offset of the position; asked in the order of the lines */
  scanned(
    position: FilePosition,
    { wanted, skipped, tooLong }: ScannedLines,
    lines: Buffer,
    placeOf = (start: number) => start,
  ): ReadLines {
    const records = wanted.map(({ start, end }) =>
      this.of(position, lines.toString('utf8', start, end), placeOf(start)),
    )
    return { ...nothingRead, records, skipped, tooLong }
  }

  /** The records of a chunk, wherever its lines were searched. */
  found(position: FilePosition, found: ChunkLines, chunk: Buffer): ReadLines {
    if ('scanned' in found) return this.scanned(position, found.scanned, chunk)
    return this.#decoded(position, found.decoded, chunk)
  }

  #decoded(position: FilePosition, { lines, skipped, tooLong }: DecodedLines, chunk: Buffer): ReadLines {
    const records = lines.map(({ start, decoded }) => {
      const record = this.of(position, '', start)
      if (record.forgeable === undefined) return { ...record, decoded }
      return { ...record, body: chunk.toString('utf8', start, chunk.indexOf('\n', start)) }
    })
    return { ...nothingRead, records, skipped, tooLong }
  }
}
