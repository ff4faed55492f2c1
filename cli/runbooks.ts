import { readFile } from 'node:fs/promises'

/** The folder is one level up in a clone, two in the published package. */
const folders = ['../docs/runbooks/', '../../docs/runbooks/'].map(path => new URL(path, import.meta.url))

/** The runbook of an alert in Markdown; undefined if there is none. */
export async function readRunbook(alert: string): Promise<string | undefined> {
  for (const folder of folders) {
    const text = await readFile(new URL(`${alert}.md`, folder), 'utf8').catch(() => undefined)
    if (text !== undefined) return text
  }
  return undefined
}
