import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { repositoryFiles, root } from '../../structure/source-files.ts'
import { join as joinSockets } from '../elasticsearch/servers/joined.ts'
import { eventually } from '../servers/eventually.ts'
import { type RunningProcess, startProcess } from '../servers/process.ts'

export interface Ended {
  readonly code: number | null
  /** Standard output and error. */
  readonly output: string
}

export interface Terminal {
  readonly process: RunningProcess
  /** Ctrl-C, and waits for the end. */
  interrupt(): Promise<void>
}

export interface MachineOptions {
  /** Further lines of its hosts file. */
  readonly hosts?: string
  /** Programs on its PATH beside those of the system, each with the command that it is. */
  readonly programs: Readonly<Record<string, readonly string[]>>
}

const forwarder = fileURLToPath(new URL('./forward.child.ts', import.meta.url))

/** Sets the machine up. `$0` is its folder, the arguments are folders of the system's /tmp that it has too. */
const SETUP = `set -e
ip link set lo up
mount --bind "$0/hosts" /etc/hosts
mount -t tmpfs tmpfs "$0/tmp"
for kept; do
  mkdir -p "$0$kept"
  mount --bind "$kept" "$0$kept"
done
mkdir -p "$0/tmp/openclaw"
mount --bind "$0/logs" "$0/tmp/openclaw"
mount --rbind "$0/tmp" /tmp
exec sleep infinity`

/**
 * The machine of a reader who follows a page: a folder with a copy of the checkout; loopback with all ports free,
 * processes, host names and /tmp with OpenClaw's log folder of its own; nothing else in the environment. What a page
 * starts ends with it.
 */
export class Machine {
  /** The working folder of all commands. */
  readonly folder: string
  /** What a command sees in OpenClaw's log folder. */
  readonly logs: string
  readonly #root: string
  readonly #holder: RunningProcess
  #init = ''
  #terminals = 0
  readonly #ways: Server[] = []
  readonly #sockets = new Set<Socket>()

  private constructor({ hosts = '', programs }: MachineOptions) {
    this.#root = mkdtempSync(join(tmpdir(), 'clawtrust-page-'))
    this.folder = join(this.#root, 'clawtrust')
    this.logs = join(this.#root, 'logs')
    for (const name of ['clawtrust', 'logs', 'home', 'bin', 'tmp']) mkdirSync(join(this.#root, name))
    for (const path of repositoryFiles()) cpSync(join(root, path), join(this.folder, path))
    // What npm installs in a clone; the machine has no way to a registry.
    for (const modules of ['node_modules', 'tools/runtime/node_modules']) {
      symlinkSync(join(root, modules), join(this.folder, modules))
    }
    for (const [name, command] of Object.entries(programs)) {
      writeFileSync(join(this.#root, 'bin', name), `#!/bin/sh\nexec ${command.join(' ')} "$@"\n`)
      chmodSync(join(this.#root, 'bin', name), 0o755)
    }
    writeFileSync(join(this.#root, 'hosts'), `127.0.0.1 localhost\n${hosts}\n`)
    writeFileSync(this.#session, '')
    const own = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
    const kept = [this.#root, root, dirname(process.execPath)]
      .map(path => realpathSync(path))
      .filter(path => path.startsWith('/tmp/'))
    // A test run that is killed takes it along.
    const dying = ['--pdeathsig', 'KILL', 'unshare']
    this.#holder = startProcess('setpriv', [...dying, ...own, 'sh', '-c', SETUP, this.#root, ...kept])
  }

  static async start(options: MachineOptions): Promise<Machine> {
    const machine = new Machine(options)
    const { pid } = machine.#holder
    try {
      machine.#init = await eventually(
        'the machine has its first process',
        async () => {
          const init = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
          // It sleeps when everything is in place.
          return readFileSync(`/proc/${init}/comm`, 'utf8') === 'sleep\n' ? init : undefined
        },
        { by: machine.#holder },
      )
    } catch (error) {
      await machine.stop()
      throw error
    }
    return machine
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text)
  }

  /** What listens on a port of the test's loopback is reached at a port of the machine's. */
  async forward(port: number, target: number): Promise<void> {
    const socket = join(this.#root, `port-${port}`)
    const way = createServer(near => {
      const far = connect(target, '127.0.0.1')
      joinSockets(near, far, this.#sockets)
      near.pipe(far).pipe(near)
    })
    this.#ways.push(way)
    await new Promise<void>((resolve, reject) => way.once('error', reject).listen(socket, resolve))
    const child = this.#shell([], `exec "${process.execPath}" "${forwarder}" ${port} "${socket}"`)
    await eventually(`port ${port} is forwarded`, async () => child.output().includes('forwarding') || undefined, {
      by: child,
    })
  }

  /** Runs commands to their end, in a shell that knows the variables and functions that earlier ones have exported. */
  async run(commands: string): Promise<Ended> {
    const shell = this.#shell(
      [],
      `. "${this.#session}"\n${commands}\n{ export -p; declare -f; } > "${this.#session}" || :\n`,
    )
    await eventually('the commands have ended', async () => shell.hasEnded() || undefined, { limitMs: 120_000 })
    await shell.drained()
    return { code: await shell.stop(), output: shell.output() }
  }

  /** Starts commands in a new terminal. */
  open(commands: string): Terminal {
    const group = join(this.#root, `terminal-${this.#terminals++}`)
    const process = this.#shell(['setsid', '--wait'], `echo $$ > "${group}"\n${commands}`)
    const interrupt = async () => {
      // A terminal that was opened a moment ago has not said yet which processes are its own.
      await this.run(`until [ -s "${group}" ]; do sleep 0.01; done\nkill -INT -- "-$(cat "${group}")"`)
      await eventually('the terminal is free', async () => process.hasEnded() || undefined)
    }
    return { process, interrupt }
  }

  async stop(): Promise<void> {
    this.#holder.signal('SIGKILL')
    await this.#holder.stop()
    for (const way of this.#ways) way.close()
    for (const socket of this.#sockets) socket.destroy()
    rmSync(this.#root, { recursive: true, force: true })
  }

  get #session(): string {
    return join(this.#root, 'session')
  }

  /** As on a terminal, standard error is where standard output is: what was written first comes first. */
  #shell(before: readonly string[], script: string): RunningProcess {
    const enter = ['--target', this.#init, '--net', '--mount', '--pid', '--']
    return startProcess(
      'nsenter',
      [...enter, ...before, 'bash', '-euo', 'pipefail', '-c', `exec 2>&1\ncd "${this.folder}"\n${script}`],
      {
        env: {
          PATH: `${join(this.#root, 'bin')}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
          HOME: join(this.#root, 'home'),
          LANG: 'C.UTF-8',
        },
      },
    )
  }
}
