import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Programs whose packages conflict with those of another program that the tests run: apt would remove one for the
 * other. Their packages are unpacked into the cache instead of being installed.
 */
const packagesOf: Readonly<Record<string, readonly string[]>> = {
  // Conflicts with rsyslog: a system has one log daemon.
  'syslog-ng': ['syslog-ng-core', 'syslog-ng-mod-python'],
}

/** Names of the programs that are unpacked. */
export const unpackedCommands: readonly string[] = Object.keys(packagesOf)

/** The root of a program's unpacked packages, with `usr/sbin` and so on. The folder may not exist. */
export function unpackedRoot(command: string): string {
  return join(process.env.CLAWTRUST_CACHE ?? join(homedir(), '.cache/clawtrust'), 'unpacked', command)
}

/**
 * Downloads the packages of a program with apt-get and unpacks them, all or none.
 *
 * @param install installs the libraries that the packages depend on
 */
export function unpackCommand(command: string, install: (packages: readonly string[]) => void): void {
  const packages = packagesOf[command] ?? []
  const root = unpackedRoot(command)
  mkdirSync(join(root, '..'), { recursive: true })
  const folder = mkdtempSync(`${root}-`)
  try {
    execFileSync('apt-get', ['download', '--quiet', ...packages], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const archives = readdirSync(folder).map(name => join(folder, name))
    const needed = new Set(archives.flatMap(archive => dependencies(dpkg('--field', archive, 'Depends'))))
    install([...needed].filter(name => !packages.includes(name)))
    for (const archive of archives) dpkg('--extract', archive, join(folder, 'root'))
    if (!existsSync(root)) renameSync(join(folder, 'root'), root)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * The names in a field such as `libc6 (>= 2.34), python3:any, sysvinit-utils | lsb-base`: of alternatives the first.
 */
export function dependencies(field: string): string[] {
  return field.split(',').flatMap(alternatives => /[a-z0-9][a-z0-9.+-]*/.exec(alternatives)?.[0] ?? [])
}

const dpkg = (...args: string[]) => execFileSync('dpkg-deb', args, { encoding: 'utf8' })
