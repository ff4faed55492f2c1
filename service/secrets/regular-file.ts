import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { Fault } from '../../core/errors.ts'

/** Why a file is not read; `code` is printed by callers in the place of the code of Node's errors. */
export class FileRefused extends Fault {
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}

/** More than any certificate chain, key or configuration. */
const MAX_BYTES = 1024 * 1024

/**
 * Reads a whole text file. It never waits for a writer: a FIFO, socket or device is refused.
 *
 * @throws FileRefused, and Node's errors with their `code`
 */
export async function readRegularFile(path: string, maxBytes = MAX_BYTES): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const found = await file.stat()
    if (!found.isFile() && !found.isDirectory()) throw new FileRefused('not a regular file')
    const buffer = Buffer.alloc(maxBytes + 1)
    let length = 0
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = (await file.read(buffer, length, buffer.length - length)).bytesRead
    }
    if (length > maxBytes) throw new FileRefused(`larger than ${maxBytes / 1024} KiB`)
    return buffer.toString('utf8', 0, length)
  } finally {
    await file.close()
  }
}
