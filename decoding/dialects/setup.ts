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

/**
 * The lines of clawtrust.yml by which files are read.
 *
 * @param containers the word of `containers`, where they are logs of containers
 */
export function readFiles(name: string, paths: readonly string[], containers?: string): SetupStep {
  const quoted = paths.map(path => `'${path.replaceAll("'", "''")}'`)
  const chosen = containers === undefined ? [] : [`containers: ${containers}`]
  return ownSource([`type: file`, `name: ${name}`, ...chosen, `paths: [${quoted.join(', ')}]`])
}

/** The lines of clawtrust.yml by which an index of Elasticsearch is read. */
export function readIndex(name: string, index: string): SetupStep {
  return ownSource([`type: elasticsearch`, `name: ${name}`, `nodes: ['https://localhost:9200']`, `index: ['${index}']`])
}

/** The lines of clawtrust.yml by which a command is run for its snapshots of posture. */
export function runCommand(name: string, command: readonly string[]): SetupStep {
  return ownSource([`type: posture`, `name: ${name}`, `command: [${command.join(', ')}]`])
}

/** The lines of clawtrust.yml by which a snapshot is read that a scheduler writes. */
export function readFile(name: string, path: string): SetupStep {
  return ownSource([`type: posture`, `name: ${name}`, `path: ${path}`])
}

/** The lines of clawtrust.yml by which log records are received by OTLP. */
export function receiveLogs(name: string): SetupStep {
  return ownSource([`type: otlp`, `name: ${name}`])
}

/** The lines of several steps as one configuration; undefined where none is of clawtrust.yml. */
export function inOneConfiguration(steps: readonly SetupStep[]): SetupStep | undefined {
  const own = steps.filter(({ where }) => where === OWN_CONFIGURATION).map(({ lines }) => lines)
  if (own.length === 0) return undefined
  const sources = [...new Set(own.map(lines => lines.slice(HEAD.length).join('\n')))]
  return { where: OWN_CONFIGURATION, lines: [...HEAD, ...sources.flatMap(source => source.split('\n'))] }
}

const HEAD = ['exporter:', '  sources:']

function ownSource([first, ...rest]: readonly string[]): SetupStep {
  const lines = [`    - ${first}`, ...rest.map(line => `      ${line}`)]
  return { where: OWN_CONFIGURATION, lines: [...HEAD, ...lines] }
}
