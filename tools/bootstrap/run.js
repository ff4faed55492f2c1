/**
 * `node tools/bootstrap/run.js production|all SCRIPT [ARGUMENT...]`: brings what is missing (Node.js 24, the production
 * dependencies or all of them), says so, and runs the script on that Node.js with the arguments.
 *
 * Plain JavaScript that Node.js 18 still reads, because it is what finds a newer one.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ensureDependencies } from './dependencies.js'
import { ensureRuntime } from './runtime.js'
import { Stop } from './stop.js'

const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

const root = fileURLToPath(new URL('../..', import.meta.url))
const [scope, script, ...args] = process.argv.slice(2)

try {
  if ((scope !== 'production' && scope !== 'all') || script === undefined) {
    throw new Stop('usage: node tools/bootstrap/run.js production|all SCRIPT [ARGUMENT...]')
  }
  const node = ensureRuntime(root, process, say)
  ensureDependencies(root, node, scope, say)
  replaceBy(node, [script, ...args])
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
 * Runs a program in this one's place: it has the terminal, receives the signals, and its end is this one's end.
 *
 * @param {string} node
 * @param {string[]} argv
 */
function replaceBy(node, argv) {
  const child = spawn(node, argv, { cwd: root, stdio: 'inherit' })
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    for (const each of FORWARDED) process.removeAllListeners(each)
    if (signal === null) process.exitCode = code ?? 1
    else process.kill(process.pid, signal)
  })
}
