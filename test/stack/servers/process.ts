import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A program that a test started. Its output is kept for the message when it does not do what it should. */
export interface RunningProcess {
  readonly pid: number
  /** Standard output and error so far. */
  output(): string
  hasEnded(): boolean
  /** Resolves when all output is here, which can be after the end; at the latest after two seconds, where a child keeps it open. */
  drained(): Promise<void>
  /** Sends a signal; nothing happens where the process has ended meanwhile. */
  signal(name: NodeJS.Signals): void
  /** Sends SIGTERM and waits for the end; SIGKILL after 10 s. Gives the exit code, null where a signal ended it. */
  stop(): Promise<number | null>
}

export interface ProcessOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

const STOP_LIMIT_MS = 10_000
const DRAIN_LIMIT_MS = 2_000

export function startProcess(command: string, args: readonly string[], options: ProcessOptions = {}): RunningProcess {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const collect = (text: string) => {
    output += text
  }
  // Decoded by the streams: a letter of several bytes may come in two pieces.
  child.stdout.setEncoding('utf8').on('data', collect)
  child.stderr.setEncoding('utf8').on('data', collect)
  child.on('error', error => collect(String(error)))
  const closed = once(child, 'close').catch(() => undefined)
  return {
    pid: child.pid ?? -1,
    output: () => output,
    hasEnded: () => hasEnded(child),
    drained: async () => void (await Promise.race([closed, sleep(DRAIN_LIMIT_MS, undefined, { ref: false })])),
    signal: name => void child.kill(name),
    stop: () => stop(child),
  }
}

/** A program that could not be started has ended too. */
const hasEnded = (child: ChildProcess) =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null

async function stop(child: ChildProcess): Promise<number | null> {
  if (hasEnded(child)) return child.exitCode
  const ended = once(child, 'exit')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
  child.kill('SIGTERM')
  await ended
  clearTimeout(timer)
  return child.exitCode
}

/** Below the ports that systems hand out to who asks for any, so that a server that is restarted finds its own again. */
const PORTS = { first: 12_000, last: 31_999 } as const

/** A port of the loopback address that was free a moment ago, and that nobody gets who does not ask for it by number. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.first, PORTS.last + 1)
    const server = createServer()
    const taken = await new Promise<boolean>(resolve => {
      server.on('error', () => resolve(true)).listen(port, '127.0.0.1', () => resolve(false))
    })
    if (taken) continue
    server.close()
    await once(server, 'close')
    return port
  }
}
