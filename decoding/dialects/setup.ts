/** One thing to do so that records are written and read: the exact lines, and where they belong. */
export interface SetupStep {
  /** A file, or `shell` for commands. */
  readonly where: string
  readonly lines: readonly string[]
}

/** What a program that writes records leaves on its host, by which it is found there without running it. */
export interface Footprint {
  /** A word of its unit, its container or its image. */
  readonly program: string
  /** Files of its configuration, as patterns; `~` is the home of a user. */
  readonly configurations: readonly string[]
  /** Where its records are by default, as patterns. */
  readonly logs: readonly string[]
  /** A text of its configuration without which it does not write these records. */
  readonly marker?: string
}

/** The file of clawtrust's own configuration. */
export const OWN_CONFIGURATION = 'clawtrust.yml'

/** The lines of clawtrust.yml by which files are read. */
export function readFiles(name: string, paths: readonly string[]): SetupStep {
  return ownSource([`type: file`, `name: ${name}`, `paths: [${paths.map(path => `'${path}'`).join(', ')}]`])
}

/** The lines of clawtrust.yml by which an index of Elasticsearch is read. */
export function readIndex(name: string, index: string): SetupStep {
  return ownSource([`type: elasticsearch`, `name: ${name}`, `nodes: ['https://localhost:9200']`, `index: ['${index}']`])
}

function ownSource([first, ...rest]: readonly string[]): SetupStep {
  const lines = [`    - ${first}`, ...rest.map(line => `      ${line}`)]
  return { where: OWN_CONFIGURATION, lines: ['exporter:', '  sources:', ...lines] }
}
