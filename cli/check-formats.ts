import type { FileHandle } from 'node:fs/promises'
import { consoleTextIn } from '../decoding/console-text.ts'
import { createDispatcher } from '../decoding/dispatch.ts'
import { dialects } from '../decoding/registry.ts'
import type { ConsoleText } from '../decoding/toolkit/record.ts'
import type { Place } from '../exporter/contracts/source.ts'
import { incompleteSentence, Recognition, unrecognisedSentence } from '../exporter/pipeline/recognition.ts'
import { ContainerFilter } from '../exporter/sources/file/containers.ts'
import { compressionOf } from '../exporter/sources/file/content.ts'
import { discoverFiles, errorCode, troubleWith } from '../exporter/sources/file/discovery.ts'
import { textOfHead } from '../exporter/sources/file/framing.ts'
import type { FileSourceConfig } from '../exporter/sources/file/kind.ts'
import { MAX_LINE_BYTES } from '../exporter/sources/file/lines.ts'
import { openRegularFile } from '../service/files/regular-file.ts'
import type { Config } from './config-schema.ts'
import type { ConfigWarning } from './config-warnings.ts'

/** Files of one source that are looked at, those written last. */
const MAX_FILES = 100
/** Bytes that are read of each. */
const HEAD_BYTES = 64 * 1024

/**
 * Looks at the first lines of every configured log file, without changing anything.
 *
 * @returns one warning for each path that gives nothing to read, and for each file that is in no known format or in an
 *   older form of one
 */
export async function checkFormats({ exporter }: Config): Promise<readonly ConfigWarning[]> {
  const found = exporter.sources.map(async (source, index) => {
    if (source.type !== 'file') return []
    const key = `exporter.sources[${index}].paths`
    return (await warningsOf(source)).map(words => ({ key, what: `of source ${source.name}: ${words}` }))
  })
  return (await Promise.all(found)).flat()
}

async function warningsOf({ paths, containers }: FileSourceConfig): Promise<readonly string[]> {
  const { files, troubles, notices } = await discoverFiles(
    paths,
    containers === undefined ? undefined : new ContainerFilter(containers),
  )
  const dispatcher = createDispatcher(dialects)
  const recognition = new Recognition(dispatcher)
  const unread: string[] = []
  for (const { path } of files.slice(-MAX_FILES)) {
    const text = await beginningOf(path).catch(error => {
      unread.push(troubleWith(path, errorCode(error)))
      return ''
    })
    const place: Place = { kind: 'file', name: path }
    const ended = text.split('\n').slice(0, -1)
    const isUnended = text !== '' && ended.length === 0
    // The last line is cut, or still being written. Where none has ended, it shows another format at most.
    const isKnown = isUnended && dispatcher.decode({ id: '', body: text }).decoder !== 'none'
    const lines = isUnended && !isKnown ? [text] : ended
    recognition.skipped({
      samples: { place, forgeable: consoleTextOf(lines), lines: () => lines },
      unended: isUnended ? [{ place, hasCarriageReturns: text.includes('\r') }] : [],
      tally: { skipped: 0, undecoded: {}, lostBytes: 0 },
    })
  }
  const { unrecognised, incomplete } = recognition
  return [
    ...[...troubles, ...notices, ...unread],
    ...unrecognised.map(unrecognisedSentence),
    ...incomplete.map(incompleteSentence),
  ]
}

function consoleTextOf(lines: readonly string[]): ConsoleText | undefined {
  let found: ConsoleText | undefined
  for (const bytes of lines.map(line => Buffer.from(line))) found = consoleTextIn(bytes, 0, bytes.length, found)
  return found
}

/** What a file begins with, up to the end of a line where one ends within the greatest length; nothing of a compressed one. */
async function beginningOf(path: string): Promise<string> {
  const handle = await openRegularFile(path)
  try {
    const head = await read(handle, HEAD_BYTES)
    if (compressionOf(head, path) === 'gzip') return ''
    const text = textOfHead(head)
    return text.includes('\n') || head.length < HEAD_BYTES ? text : textOfHead(await read(handle, MAX_LINE_BYTES + 1))
  } finally {
    await handle.close()
  }
}

async function read(handle: FileHandle, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0)
  return buffer.subarray(0, bytesRead)
}
