import { createDispatcher } from '../decoding/dispatch.ts'
import { dialects } from '../decoding/registry.ts'
import type { Place } from '../exporter/contracts/source.ts'
import { incompleteSentence, Recognition, unrecognisedSentence } from '../exporter/pipeline/recognition.ts'
import { ContainerFilter } from '../exporter/sources/file/containers.ts'
import { discoverFiles, errorCode, troubleWith } from '../exporter/sources/file/discovery.ts'
import type { FileSourceConfig } from '../exporter/sources/file/kind.ts'
import type { Config } from './config-schema.ts'
import type { ConfigWarning } from './config-warnings.ts'
import { beginningOf, consoleTextOf } from './file-lines.ts'

/** Files of one source that are looked at, those written last. */
const MAX_FILES = 100

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
