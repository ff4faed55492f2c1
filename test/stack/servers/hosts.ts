import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Puts a file in the place of the hosts file, for itself and what it becomes. */
const MOUNT = 'mount --bind "$0" /etc/hosts && exec "$@"'

/**
 * The command by which a program knows further host names: in a mount namespace of its own, with a hosts file of its own.
 *
 * @param folder where that file is written
 * @param hosts its lines: `127.0.0.1 exporter`; without them the command is as it was
 */
export async function withHosts(
  folder: string,
  hosts: string | undefined,
  [program = '', ...args]: readonly string[],
): Promise<[program: string, args: readonly string[]]> {
  if (hosts === undefined) return [program, args]
  const file = join(folder, 'hosts')
  await writeFile(file, `127.0.0.1 localhost\n${hosts}\n`)
  return ['unshare', ['--mount', 'sh', '-c', MOUNT, file, program, ...args]]
}
