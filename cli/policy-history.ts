import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { addressOf } from '../core/config/elasticsearch.ts'
import { ClawtrustError } from '../core/errors.ts'
import { createDispatcher } from '../decoding/dispatch.ts'
import { dialects } from '../decoding/registry.ts'
import type { ElasticsearchSourceConfig } from '../exporter/sources/elasticsearch/config.ts'
import { discoverFiles } from '../exporter/sources/file/discovery.ts'
import type { FileSourceConfig } from '../exporter/sources/file/kind.ts'
import { readWholeFile } from '../exporter/sources/file/whole-file.ts'
import type { ResolvedPolicy } from '../policy/language/resolved.ts'
import { FlowHistory } from '../policy/shadow/history.ts'
import { Replay } from '../policy/shadow/replay.ts'
import { createTimeSlices, type TimeRange, type TimeSlices } from '../policy/shadow/time-slices.ts'
import { fileTrouble } from '../service/files/regular-file.ts'
import { counted } from '../service/page/words.ts'
import { DEFAULT_CONFIG_FILE, located, type PlacedConfig, readPlacedConfig } from './config-file.ts'

/** Where a history is read from: log files, else the sources of a configuration. */
export interface HistoryPlace {
  readonly folder: string
  readonly logs?: readonly string[] | undefined
  readonly configFile?: string | undefined
}

export interface HistoryWork {
  readonly window: TimeRange
  /** Their conditions on time divide the window. */
  readonly policies: readonly ResolvedPolicy[]
  readonly signal: AbortSignal
  readonly progress: (doing: string) => void
}

interface Reading extends HistoryWork {
  readonly slices: TimeSlices
  readonly history: FlowHistory
}

/** The flows of a window. Rejects with a sentence where a source cannot be read: what it has is not left out in silence. */
export async function readPolicyHistory(
  { folder, logs, configFile }: HistoryPlace,
  work: HistoryWork,
): Promise<FlowHistory> {
  const slices = createTimeSlices(work.policies, work.window)
  const history = new FlowHistory(work.window, slices)
  const reading = { ...work, slices, history }
  if (logs !== undefined) {
    await replayFiles(
      { name: 'logs', paths: logs.map(path => (isAbsolute(path) ? path : join(folder, path))) },
      reading,
    )
    return history
  }
  const { config, placeOf, file } = await readConfig(configFile, folder)
  const { sources } = config.exporter
  if (sources.length === 0) {
    throw new ClawtrustError(
      'USAGE',
      `${file} has no sources; add them under exporter.sources, or name log files by --logs`,
    )
  }
  for (const [position, source] of sources.entries()) {
    const key = `exporter.sources[${position}]`
    if (source.type === 'elasticsearch') await located(placeOf, () => readIndices(source, `${key}.`, reading))
    else if (source.type === 'file') await replayFiles(source, reading)
    else {
      const sentence = `${source.name} is a source of type ${source.type}, of which no history is read; flows that it brings are not counted`
      history.declare({ kind: 'unsupported', sentence })
    }
  }
  return history
}

async function readConfig(
  named: string | undefined,
  folder: string,
): Promise<PlacedConfig & { readonly file: string }> {
  const file = named ?? DEFAULT_CONFIG_FILE
  if (named === undefined && !existsSync(join(folder, file))) {
    const sentence = `there is no ${file} here, whose sources have the history; name one by --config.file, or log files by --logs`
    throw new ClawtrustError('USAGE', sentence)
  }
  return { ...(await readPlacedConfig(file, folder)), file }
}

/** The client takes 30 MiB and a third of the start: it is loaded where it is needed. */
async function readIndices(source: ElasticsearchSourceConfig, section: string, reading: Reading): Promise<void> {
  const [{ connect }, { secretsOf }, { explainFailure }, { readConnection }, { readHistory }] = await Promise.all([
    import('../service/elasticsearch/compatibility.ts'),
    import('../service/elasticsearch/connection.ts'),
    import('../service/elasticsearch/failure.ts'),
    import('../service/elasticsearch/read-connection.ts'),
    import('../policy/shadow/elasticsearch/read-history.ts'),
  ])
  const { name, index, envelope, cursor_field: cursorField, compatibility } = source
  const connection = await readConnection(source, process.env, section)
  const asked = { index, address: addressOf(source), secrets: secretsOf(connection) }
  try {
    const client = await connect(connection, compatibility, index)
    try {
      await readHistory({ name, index, envelope, cursorField }, reading.history, { ...reading, client })
    } finally {
      await client.close()
    }
  } catch (failure) {
    const { code, message } = explainFailure(failure, asked)
    throw new ClawtrustError(code, `${name}: ${message}`, { cause: failure })
  }
}

/** Reads files from their beginnings: compressed ones too, and records that a runtime wrote in parts. */
async function replayFiles(
  { name, paths }: Pick<FileSourceConfig, 'name' | 'paths'>,
  { history, signal, progress }: Reading,
): Promise<void> {
  const { files, troubles } = await discoverFiles(paths, undefined, false)
  if (files.length === 0) throw new ClawtrustError('POLICY_HISTORY_UNREADABLE', troubles.join(' '))
  const { decode } = createDispatcher(dialects, { withAccess: true })
  const replay = new Replay(history, name)
  let records = 0
  for (const { path, key } of files) {
    try {
      for await (const lines of readWholeFile({ path, key }, signal)) {
        for (const record of lines.records) replay.add(decode(record), () => `${path}:${byteOf(record.id)}`)
        records += lines.records.length
        replay.leaveOut(lines.tooLong + lines.incomplete)
        progress(`${name}: ${counted(records, 'record')} of ${counted(files.length, 'file')}`)
      }
    } catch (cause) {
      if (cause instanceof ClawtrustError || signal.aborted) throw cause
      throw new ClawtrustError('POLICY_HISTORY_UNREADABLE', `${path} ${fileTrouble(cause)}`, { cause })
    }
  }
  replay.end()
  for (const sentence of troubles) history.declare({ kind: 'unread', sentence: `${name}: ${sentence}` })
}

/** Where a record begins in its file. */
const byteOf = (id: string): string => id.slice(id.lastIndexOf(':') + 1)
