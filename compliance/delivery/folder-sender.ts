import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { folderName } from '../integrity/chain.ts'
import { nodeDisk } from '../integrity/report-folder.ts'
import type { SendParcel } from './sending.ts'

/**
 * Copies a report into a folder below another one, such as a share: whole or not at all. A report that is there already
 * was delivered before. The other folder has to exist: that of a share that is not mounted would be made on the own disk.
 */
export const folderSender =
  (path: string): SendParcel =>
  async ({ report, files, manifest }) => {
    const name = `${folderName(report.period, 1)}-${manifest.slice(0, 12)}${report.redacted ? '-redacted' : ''}`
    const target = join(path, name)
    if (existsSync(target)) return { ok: true, retryable: false, detail: `${name} is there`, reference: name }
    await removeUnfinished(path, name)
    const unfinished = join(path, `.${name}-${randomBytes(4).toString('hex')}`)
    await mkdir(unfinished)
    try {
      for (const file of await files()) await nodeDisk.write(join(unfinished, basename(file.name)), file.bytes)
      await nodeDisk.sync(unfinished)
      await rename(unfinished, target)
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true })
      throw error
    }
    // The report is there; not every share can do this.
    await nodeDisk.sync(path).catch(() => {})
    return { ok: true, retryable: false, detail: `written to ${name}`, reference: name }
  }

/** Of a process that ended while it wrote. */
async function removeUnfinished(path: string, name: string): Promise<void> {
  const names = await readdir(path)
  for (const each of names.filter(other => other.startsWith(`.${name}-`)))
    await rm(join(path, each), { recursive: true, force: true })
}
