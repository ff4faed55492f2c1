import { Fault, failureReason } from '../core/errors.ts'
import type { ServiceSignal } from './run-service.ts'

/** Exit code of a program that SIGPIPE ended, as shells report it: 128 + 13. Node itself ignores the signal. */
export const BROKEN_PIPE = 141

/** What ends when nothing reads the output any more. */
export interface PipedProcess {
  exitCode?: number | string | null | undefined
  /** Returns whether anything listens for the signal. */
  emit(signal: ServiceSignal): boolean
  exit(code: number): void
}

interface OutputStream {
  on(event: 'error', listener: (error: Error) => void): unknown
}

/**
 * Ends the process quietly when the reader of its output has gone, as in `clawtrust … | head -1`: a command at once, a
 * running service as at SIGTERM, so that its state is written. Other errors of the streams, such as a full disk, are thrown
 * as a sentence.
 */
export function endOnBrokenPipe(streams: readonly OutputStream[], host: PipedProcess): void {
  let ending = false
  const end = (error: Error) => {
    if (!('code' in error) || error.code !== 'EPIPE') {
      throw new Fault(`The output cannot be written (${failureReason(error)}).`, { cause: error })
    }
    // Every further write fails too.
    if (ending) return
    ending = true
    host.exitCode = BROKEN_PIPE
    if (!host.emit('SIGTERM')) host.exit(BROKEN_PIPE)
  }
  for (const stream of streams) stream.on('error', end)
}
