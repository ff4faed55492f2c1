import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isExecutable } from '../tools/checks/system-commands.ts'

/** What a bench needs besides Node.js and the packages of this repository. */
export interface Need {
  /** To begin a sentence. */
  readonly what: string
  /** A path, or the name of a program on the PATH. */
  readonly at: string
  /** To follow `to install it,` or the like in a sentence. */
  readonly remedy: string
}

const debian = (name: string, purpose: string, packages: string): Need => {
  return { what: `${name} (${purpose})`, at: name, remedy: `install the Debian package: apt-get install ${packages}` }
}

/** The programs by their names, for what each bench runs. */
export const programs = {
  mtail: debian('mtail', 'the peer of this bench', 'mtail'),
  taskset: debian('taskset', 'it gives each side a core of its own', 'util-linux'),
  ip: debian('ip', 'it makes a network namespace', 'iproute2'),
  nft: debian('nft', 'the firewall that is measured', 'nftables'),
  mvn: debian('mvn', 'it downloads Elasticsearch', 'maven'),
  prometheus: debian('prometheus', 'it holds the metrics that are read', 'prometheus'),
  promtool: debian('promtool', 'it fills Prometheus', 'prometheus'),
  unzip: debian('unzip', 'it unpacks Elasticsearch', 'unzip'),
} as const satisfies Record<string, Need>

/** A build of the exporter. */
export const build = (path: string): Need => {
  return { what: `${path} (the exporter that is measured)`, at: path, remedy: 'build it: npm run build' }
}

/** prometheus-es-exporter, the peer of the Elasticsearch source. */
export const esExporter = (path = ''): Need => {
  const remedy =
    'install it (pip install prometheus-es-exporter==0.14.1 elasticsearch==7.10.1), and set --peer to its path'
  return { what: 'prometheus-es-exporter (the peer of this bench)', at: path, remedy }
}

/** The data of the Numenta Anomaly Benchmark. */
export const nab = (folder: string): Need => {
  const at = join(folder, 'labels/combined_windows.json')
  return {
    what: `${at} (the corpus of NAB)`,
    at,
    remedy: 'clone https://github.com/numenta/NAB, and set --data to a folder with its data/ and labels/',
  }
}

/** This checkout, which `npm run build` builds. */
export const PROGRAM = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))

/** One sentence for each need that is missing. */
export function missing(needs: readonly Need[], path = process.env.PATH ?? ''): readonly string[] {
  return needs.filter(({ at }) => !isThere(at, path)).map(({ what, remedy }) => `${what} is missing; ${remedy}.`)
}

function isThere(at: string, path: string): boolean {
  if (at.includes('/')) return existsSync(at)
  return at !== '' && path.split(delimiter).some(folder => isExecutable(join(folder, at)))
}

/** Ends a bench with 2 and these sentences, before it has begun, where something that it needs is missing. */
export function demand(...needs: readonly Need[]): void {
  end(missing(needs))
}

/** The same for what has been found missing otherwise. */
export function end(sentences: readonly string[]): void {
  if (sentences.length === 0) return
  for (const sentence of sentences) console.error(sentence)
  process.exit(2)
}
