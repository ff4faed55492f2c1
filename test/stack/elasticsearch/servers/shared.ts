import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { attachElasticsearch, type Elasticsearch, startElasticsearch, type Whereabouts } from './elasticsearch.ts'

/** What is written down of the server, and by which process. */
interface Note {
  readonly whereabouts: Whereabouts
  readonly owner: number
  /** The run of jest, where tests have processes of their own. */
  readonly parent: number
}

const PREFIX = 'clawtrust-shared-elasticsearch-'

/**
 * The one server without security that the test files of a run share, each with indices of its own: the first one that
 * asks starts it, and the end of the run ends it.
 */
export async function sharedElasticsearch(): Promise<Elasticsearch> {
  const file = join(tmpdir(), `${PREFIX}${process.pid}.json`)
  const note = await readNote(file)
  if (note !== undefined) {
    const node = attachElasticsearch(note.whereabouts)
    if (!(await node.isRunning())) await node.resume()
    return node
  }
  const node = await startElasticsearch()
  const own: Note = { whereabouts: node.whereabouts, owner: process.pid, parent: process.ppid }
  await writeFile(file, JSON.stringify(own))
  return node
}

/** Ends the servers that this run has started. */
export async function endSharedElasticsearch(): Promise<void> {
  const names = (await readdir(tmpdir())).filter(name => name.startsWith(PREFIX))
  for (const file of names.map(name => join(tmpdir(), name))) {
    const note = await readNote(file)
    if (note === undefined || ![note.owner, note.parent].includes(process.pid)) continue
    await attachElasticsearch(note.whereabouts).stop()
    await rm(file)
  }
}

async function readNote(file: string): Promise<Note | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : JSON.parse(text)
}
