import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Programs of one Go module that tests run in addition to Debian's packages, where they are in the cache. */
export interface Component {
  readonly name: string
  readonly module: string
  readonly version: string
  /** Folders of the module's commands, whose last part is the name of the program. */
  readonly commands: readonly string[]
  /** Build tags. */
  readonly tags: readonly string[]
}

/**
 * Prometheus 3.16, without the web interface, which the Go module does not contain, and without service discoveries: their
 * clients of clouds take most of the time of a build.
 */
export const prometheus3: Component = {
  name: 'prometheus',
  module: 'github.com/prometheus/prometheus',
  version: 'v0.316.0',
  commands: ['cmd/prometheus', 'cmd/promtool'],
  tags: ['remove_all_sd'],
}

export const components: readonly Component[] = [prometheus3]

/** The file of a program in the cache; undefined while it was not fetched. */
export function fetchedProgram(component: Component, program: string, cache = defaultCache()): string | undefined {
  const file = join(folderOf(component, cache), program)
  return existsSync(file) ? file : undefined
}

/**
 * Builds all programs of a component into the cache, or none: a build that ends early leaves nothing.
 *
 * @param build puts the programs into a folder
 */
export function fetchComponent(component: Component, cache = defaultCache(), build = install): void {
  const folder = folderOf(component, cache)
  if (existsSync(folder)) return
  mkdirSync(cache, { recursive: true })
  const partial = mkdtempSync(`${folder}-`)
  try {
    build(component, partial)
    renameSync(partial, folder)
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}

function install({ module, version, commands, tags }: Component, folder: string): void {
  const packages = commands.map(command => `${module}/${command}@${version}`)
  execFileSync('nice', ['go', 'install', `-tags=${tags.join(',')}`, ...packages], {
    env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}

const folderOf = ({ name, version }: Component, cache: string) => join(cache, `${name}-${version}`)

const defaultCache = () => join(process.env.CLAWTRUST_CACHE ?? join(homedir(), '.cache/clawtrust'), 'components')
