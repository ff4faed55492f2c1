import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { SendParcel } from './sending.ts'

/**
 * Copies a report into a folder below another one, such as a share: whole or not at all. A report that is there already
 * was delivered before.
 */
export const folderSender =
  (path: string): SendParcel =>
  async ({ report, files, manifest }) => {
    const name = `${report.period.name}-${manifest.slice(0, 12)}${report.redacted ? '-redacted' : ''}`
    const target = join(path, name)
    if (existsSync(target)) return { ok: true, retryable: false, detail: `${name} is there`, reference: name }
    const unfinished = join(path, `.${name}-${randomBytes(4).toString('hex')}`)
    await mkdir(unfinished, { recursive: true })
    try {
      for (const file of files) await writeDurably(join(unfinished, basename(file.name)), file.bytes)
      await rename(unfinished, target)
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true })
      throw error
    }
    return { ok: true, retryable: false, detail: `written to ${name}`, reference: name }
  }

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}
