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
  /** Present where it writes no log of them, and has to be asked: a command is run, or a timer writes their file. */
  readonly isAsked?: true
}

/** The file of clawtrust's own configuration. */
export const OWN_CONFIGURATION = 'clawtrust.yml'

/**
 * The lines of clawtrust.yml by which files are read.
 *
 * @param containers the word of `containers`, where they are logs of containers
 */
export function readFiles(name: string, paths: readonly string[], containers?: string): SetupStep {
  const chosen = containers === undefined ? [] : [`containers: ${containers}`]
  return ownSource([`type: file`, `name: ${name}`, ...chosen, list('paths', paths)])
}

/** The lines of clawtrust.yml by which an index of Elasticsearch is read. */
export function readIndex(name: string, index: string): SetupStep {
  return ownSource([`type: elasticsearch`, `name: ${name}`, `nodes: ['https://localhost:9200']`, `index: ['${index}']`])
}

/** The lines of clawtrust.yml by which documents are read that a shipper of logs has stored, in any envelope. */
export const readShipped = (): SetupStep => readIndex('shipped', 'logs-openclaw.gateway-*')

/** The lines of clawtrust.yml by which a command is run for its snapshots of posture. */
export function runCommand(name: string, command: readonly string[]): SetupStep {
  return ownSource([`type: posture`, `name: ${name}`, `command: [${command.join(', ')}]`])
}

/** The lines of clawtrust.yml by which a snapshot is read that a scheduler writes. */
export function readFile(name: string, path: string): SetupStep {
  return ownSource([`type: posture`, `name: ${name}`, `path: ${path}`])
}

/** The lines of clawtrust.yml by which certificates are looked at, in their files and at their servers. */
export function watchCertificates(name: string, files: readonly string[], addresses: readonly string[]): SetupStep {
  const endpoints = addresses.map(address => `{ address: '${address}' }`)
  return ownSource([
    `type: certificates`,
    `name: ${name}`,
    list('files', files),
    `endpoints: [${endpoints.join(', ')}]`,
  ])
}

/** The lines of clawtrust.yml by which the tunnels of a dump are looked at that a timer writes. */
export function readTunnels(name: string, path: string): SetupStep {
  return ownSource([`type: wireguard`, `name: ${name}`, `path: ${path}`])
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

/** A text in quotes of YAML. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

const list = (key: string, texts: readonly string[]): string => `${key}: [${texts.map(quoted).join(', ')}]`

function ownSource([first, ...rest]: readonly string[]): SetupStep {
  const lines = [`    - ${first}`, ...rest.map(line => `      ${line}`)]
  return { where: OWN_CONFIGURATION, lines: [...HEAD, ...lines] }
}
