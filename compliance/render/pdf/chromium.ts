import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Fault, failureReason } from '../../../core/errors.ts'
import { foreignWords } from '../../../service/http-client/foreign-words.ts'

/** Names of Chromium and what is made of it, the lightest first. */
export const chromiumNames = [
  'chromium-headless-shell',
  'chrome-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
] as const

/** The first program of these names on a PATH; undefined if there is none. */
export function findChromium(path: string): string | undefined {
  const folders = path.split(delimiter).filter(folder => folder !== '')
  return chromiumNames.flatMap(name => folders.map(folder => join(folder, name))).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** A document on disk, nothing else: no network, no extensions, no profile of a user. Its own policy forbids scripts; Chromium prints by one of its own. */
const flags: readonly string[] = [
  '--headless',
  '--disable-gpu',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-extensions',
  '--disable-default-apps',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-breakpad',
  '--disable-crash-reporter',
  '--disable-quic',
  // Containers have little shared memory.
  '--disable-dev-shm-usage',
  '--password-store=basic',
  '--use-mock-keychain',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  // What would differ between machines.
  '--lang=en-US',
  '--font-render-hinting=none',
  '--force-color-profile=srgb',
  '--no-pdf-header-footer',
  '--generate-pdf-document-outline',
]

export interface Printing {
  readonly program: string
  /** A new folder of its own: its profile is there, and the document. */
  readonly folder: string
  readonly document: string
  readonly pdf: string
  /** Milliseconds after which it is ended. */
  readonly timeout: number
  /** As root its sandbox cannot be used. */
  readonly isRoot: boolean
  readonly path: string
}

const MAX_STDERR = 8192

/**
 * Prints a document as PDF and waits for the end of the program.
 *
 * @throws Fault in own words, to follow the path of the program
 */
export function print(
  { program, folder, document, pdf, timeout, isRoot, path }: Printing,
  signal?: AbortSignal,
): Promise<void> {
  const args = [
    ...flags,
    ...(isRoot ? ['--no-sandbox'] : []),
    `--user-data-dir=${join(folder, 'profile')}`,
    `--print-to-pdf=${pdf}`,
    `file://${document}`,
  ]
  // Nothing of the environment but the PATH: a wrapper of a distribution is a script.
  const env = {
    PATH: path,
    HOME: folder,
    TMPDIR: folder,
    XDG_CONFIG_HOME: folder,
    XDG_CACHE_HOME: folder,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
  }
  return new Promise((resolve, reject) => {
    // In a process group of its own, because it starts others.
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true, env, cwd: folder })
    let stderr = ''
    const end = (fault?: Fault) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      endGroup(child)
      child.stderr?.destroy()
      if (fault === undefined) resolve()
      else reject(fault)
    }
    const onAbort = () => end(new Fault('was stopped'))
    const timer = setTimeout(
      () => end(new Fault(`did not end within ${timeout / 1000} s; allow more time, or make the report without PDF`)),
      timeout,
    )
    signal?.addEventListener('abort', onAbort)
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < MAX_STDERR) stderr += text
    })
    child.on('error', error => end(new Fault(`cannot be started (${failureReason(error)})`)))
    child.on('exit', code =>
      end(code === 0 ? undefined : new Fault(`ended with code ${code ?? 'of a signal'}${said(stderr)}`)),
    )
    if (signal?.aborted) onAbort()
  })
}

/** Its last line that names an error, for an operator. */
function said(stderr: string): string {
  const lines = stderr.split('\n').filter(line => line.trim() !== '')
  const line =
    lines.findLast(one => one.includes('sandbox') || one.includes('ERROR') || one.includes('FATAL')) ?? lines.at(-1)
  return line === undefined ? '' : `: ${foreignWords(line, 200)}`
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // All of it has ended already.
  }
}
