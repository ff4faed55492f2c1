/**
 * `node tools/bootstrap/run.js production|all [FLAG...] SCRIPT [ARGUMENT...]`: installs what is missing (Node.js 24,
 * the production dependencies or all of them), reports it, and runs the script on that Node.js with its flags and
 * arguments.
 *
 * Plain JavaScript for Node.js 18 and later, because it runs before a newer one is found.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ensureDependencies } from './dependencies.js'
import { ensureRuntime } from './runtime.js'
import { Stop } from './stop.js'

const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/** Signals of one kind within this time come from one keystroke. Milliseconds. */
const SAME_KEYSTROKE_MS = 200

const root = fileURLToPath(new URL('../..', import.meta.url))
const [scope, ...command] = process.argv.slice(2)

try {
  if ((scope !== 'production' && scope !== 'all') || command.length === 0) {
    throw new Stop('usage: node tools/bootstrap/run.js production|all [FLAG...] SCRIPT [ARGUMENT...]')
  }
  // At the same time, because both wait for a registry: the first start of a fresh clone is a third shorter.
  const [node] = await Promise.all([
    ensureRuntime(root, process, say),
    ensureDependencies(root, process.execPath, scope, say),
  ])
  replaceBy(node, command)
} catch (error) {
  if (!(error instanceof Stop)) throw error
  say(error.message)
  process.exitCode = 1
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`clawtrust: ${line}\n`)
}

/**
 * Runs a program in place of this process: its output and exit code become those of this process, and signals are
 * forwarded. It runs in its own process group, because a terminal sends an interrupt to every process of a group and
 * the forwarded one would be a second, which means "stop immediately".
 *
 * @param {string} node
 * @param {string[]} argv
 */
function replaceBy(node, argv) {
  const child = spawn(node, argv, { cwd: root, stdio: 'inherit', detached: true })
  for (const signal of FORWARDED) {
    let handedOn = Number.NEGATIVE_INFINITY
    process.on(signal, () => {
      if (performance.now() - handedOn < SAME_KEYSTROKE_MS) return
      handedOn = performance.now()
      child.kill(signal)
    })
  }
  child.on('exit', (code, signal) => {
    for (const each of FORWARDED) process.removeAllListeners(each)
    if (signal === null) process.exitCode = code ?? 1
    else process.kill(process.pid, signal)
  })
}
