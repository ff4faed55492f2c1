import { stat } from 'node:fs/promises'
import { type Clock, MINUTE_MS } from '../../../core/clock.ts'
import { fileTrouble, readRegularFile } from '../../../service/files/regular-file.ts'
import { logfmtValue } from '../../../service/log/one-line.ts'
import { runCommand } from '../posture/command.ts'

/** An output of 1,000 peers with many networks each. */
const MAX_BYTES = 4 * 1024 * 1024
/** A dump that is older than this was not written by a timer that still runs. */
const MAX_AGE_MS = 10 * MINUTE_MS

/** The dump, or a sentence on why it cannot be read. */
export type Dump = { readonly text: string } | { readonly trouble: string }

/** What it writes is never shown, not on failure either: it holds private keys. */
export async function runDumpCommand(command: readonly string[], timeout: number, signal: AbortSignal): Promise<Dump> {
  const { PATH = '/usr/sbin:/usr/bin:/sbin:/bin' } = process.env
  const outcome = await runCommand({ command, timeout, maxOutput: MAX_BYTES, environment: { PATH } }, signal)
  if ('failure' in outcome) return { trouble: `The command ${outcome.failure}.` }
  if (outcome.code === 0) return { text: outcome.stdout }
  return { trouble: `The command ended with code ${outcome.code}; run it by hand as this user.` }
}

/** A file that a timer writes. */
export async function readDumpFile(path: string, clock: Pick<Clock, 'now'>): Promise<Dump> {
  try {
    const { mtimeMs } = await stat(path)
    if (clock.now() - mtimeMs > MAX_AGE_MS) {
      return { trouble: `${logfmtValue(path)} was not written for 10 minutes; does its timer run?` }
    }
    return { text: await readRegularFile(path, MAX_BYTES) }
  } catch (error) {
    return { trouble: `${logfmtValue(path)} ${fileTrouble(error)}.` }
  }
}
