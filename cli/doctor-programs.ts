import type { Reporter } from '../decoding/dialects/reporter.ts'
import { OWN_CONFIGURATION, readFiles, type SetupStep } from '../decoding/dialects/setup.ts'
import type { SourceConfig } from '../exporter/sources/registry.ts'
import type { CoverageAnswer } from '../exporter/web/api/coverage.ts'
import { type ContainerPlace, considerContainers, OPENCLAW } from './containers.ts'
import { advised, alreadyConfigured } from './doctor-advice.ts'
import type { Found, Host } from './doctor-host.ts'
import { readOpenclawConfig } from './openclaw-config.ts'

/** A program of a host that writes records. */
export interface ProgramFinding {
  readonly program: string
  /** What was seen of it. */
  readonly configurations: readonly string[]
  readonly logs: readonly string[]
  readonly units: readonly string[]
  readonly containers: readonly string[]
  /** What may be there and cannot be looked at; one sentence each. */
  readonly refused: readonly string[]
  /** What of its configuration decides which records exist; one sentence each. */
  readonly facts: readonly string[]
  /** What it writes, or would write, and no source reads. */
  readonly unread: readonly UnreadDialect[]
}

export interface UnreadDialect {
  readonly dialect: string
  /** True where its configuration says that it writes the records. */
  readonly isConfigured: boolean
  /** True where its records exist only where a source, or a timer, asks for them. */
  readonly isAsked: boolean
  /** The configured source that would read them, of which none was read yet. */
  readonly source?: string
  readonly steps: readonly SetupStep[]
}

export interface ProgramSearch {
  readonly host: Host
  readonly reporters: readonly Reporter[]
  readonly coverage: CoverageAnswer
  /** Sources that are configured, or read without configuration. */
  readonly sources: readonly SourceConfig[]
  readonly containerPlaces: readonly ContainerPlace[]
}

/** A reporter whose program is found on a host. */
type Traced = Reporter & Required<Pick<Reporter, 'footprint'>>

/** Where units of systemd are. */
const UNIT_FOLDERS = ['/etc/systemd/system', '/usr/lib/systemd/system', '~/.config/systemd/user']

/** Every program of the reporters of which the host shows a trace, in the order of the registry. */
export async function findPrograms(search: ProgramSearch): Promise<readonly ProgramFinding[]> {
  const traced = search.reporters.filter((one): one is Traced => one.footprint !== undefined)
  const names = [...new Set(traced.map(({ footprint }) => footprint.program))]
  const all = names.map(name =>
    findProgram(
      name,
      traced.filter(({ footprint }) => footprint.program === name),
      search,
    ),
  )
  return (await Promise.all(all)).filter(finding => finding !== undefined)
}

async function findProgram(
  program: string,
  dialects: readonly Traced[],
  search: ProgramSearch,
): Promise<ProgramFinding | undefined> {
  const { host } = search
  const look = (patterns: readonly string[]) => findAll(host, [...new Set(patterns)])
  const [configurations, logs, units, considered] = await Promise.all([
    look(dialects.flatMap(({ footprint }) => footprint.configurations)),
    look(dialects.flatMap(({ footprint }) => footprint.logs)),
    look(UNIT_FOLDERS.map(folder => `${folder}/*${program}*.service`)),
    considerContainers(search.containerPlaces, host.machine, program),
  ])
  const containers = considered.own
  const seen = [configurations, logs, units].flatMap(({ paths }) => paths)
  if (seen.length + containers.length === 0) return undefined
  const texts = new Map<string, string>()
  const refused = [...configurations.refused, ...logs.refused]
  // A configuration may hold secrets: one of which nothing is looked for is not read.
  const isRead = program === OPENCLAW || dialects.some(({ footprint }) => footprint.marker !== undefined)
  for (const path of isRead ? configurations.paths : []) {
    const text = await host.read(path).catch(() => undefined)
    if (text === undefined) refused.push(`${path} cannot be read; run clawtrust doctor as a user who may.`)
    else texts.set(path, text)
  }
  const own = program === OPENCLAW ? openclawFacts(texts) : { facts: [], logFiles: [], exporting: [...texts.values()] }
  return {
    program,
    configurations: configurations.paths,
    logs: logs.paths,
    units: units.paths,
    containers,
    refused,
    facts: own.facts,
    unread: unreadOf(dialects, own.exporting, { logs: logs.paths, logFiles: own.logFiles, ...search }),
  }
}

interface Seen extends Pick<ProgramSearch, 'coverage' | 'sources' | 'host'> {
  readonly logs: readonly string[]
  /** Where its configuration says that it writes its log. */
  readonly logFiles: readonly string[]
}

/** Dialects of one program that have this in common are forms of the same records, of which one is enough. */
const formOf = ({ name, footprint: { marker, isAsked } }: Traced): string | undefined => (isAsked ? name : marker)

/** Of the forms of the same records, that which is in the registry first. */
function unreadOf(dialects: readonly Traced[], texts: readonly string[], seen: Seen): readonly UnreadDialect[] {
  const { signals, blind_spots: spots } = seen.coverage
  const read = new Set([...signals, ...spots].flatMap(one => one.readers.map(({ dialect }) => dialect)))
  return [...new Set(dialects.map(formOf))].flatMap((form): UnreadDialect[] => {
    const forms = dialects.filter(one => formOf(one) === form)
    const [first] = forms
    if (first === undefined || forms.some(({ name }) => read.has(name))) return []
    const { marker, isAsked = false, program } = first.footprint
    const isConfigured = !isAsked && isWritten(marker, texts, seen)
    const isInOwnPlace = marker === undefined && !isAsked && seen.logFiles.length > 0
    const setup = isInOwnPlace ? [readFiles(program, seen.logFiles)] : first.documentation.setup
    const source = alreadyConfigured(setup, seen.sources)
    const missing = setup.filter(
      ({ where }) =>
        !(isConfigured && where !== OWN_CONFIGURATION) && !(source !== undefined && where === OWN_CONFIGURATION),
    )
    const steps = advised(first, missing, { sources: seen.sources, hostname: seen.host.hostname })
    return [{ dialect: first.name, isConfigured, isAsked, ...(source !== undefined && { source }), steps }]
  })
}

const isWritten = (marker: string | undefined, texts: readonly string[], { logs }: Seen): boolean =>
  marker === undefined ? logs.length > 0 : texts.some(text => withoutHashComments(text).includes(marker))

/** Most configurations have these; what is commented out configures nothing. */
const withoutHashComments = (text: string): string => text.replace(/^[ \t]*#.*$/gm, '')

function openclawFacts(texts: ReadonlyMap<string, string>): {
  readonly facts: readonly string[]
  readonly logFiles: readonly string[]
  /** The texts of which a section is in force. */
  readonly exporting: readonly string[]
} {
  const facts: string[] = []
  const logFiles: string[] = []
  const exporting: string[] = []
  for (const [path, text] of texts) {
    const config = readOpenclawConfig(text)
    if (config === undefined) {
      facts.push(`${path} is not JSON5: what it configures is not known.`)
      continue
    }
    const { logFile, hasJsonConsole, exportsLogs } = config
    if (exportsLogs) exporting.push(text)
    if (logFile !== undefined) {
      logFiles.push(logFile)
      facts.push(`logging.file is ${logFile}.`)
    }
    facts.push(
      hasJsonConsole
        ? 'logging.consoleStyle is json: its output can be read with addresses.'
        : 'logging.consoleStyle is not json: clients can write lines into its output, so read its file log.',
      exportsLogs
        ? 'diagnostics.otel exports its security events.'
        : 'diagnostics.otel exports no logs: successful sign-ins and approvals are in no record.',
    )
  }
  return { facts, logFiles, exporting }
}

async function findAll(
  host: Host,
  patterns: readonly string[],
): Promise<{ readonly paths: readonly string[]; readonly refused: string[] }> {
  const expanded = [...new Set(patterns.flatMap(pattern => ofHomes(pattern, host.home)))]
  const found = await Promise.all(
    expanded.map(async (pattern): Promise<[string, Found]> => [pattern, await host.find(pattern)]),
  )
  return {
    paths: [...new Set(found.flatMap(([, { paths }]) => paths))],
    refused: found.flatMap(([pattern, { refused }]) =>
      refused === undefined
        ? []
        : [`${pattern} cannot be looked at (${refused}); run clawtrust doctor as a user who may.`],
    ),
  }
}

/** The home of the user, and those of others: a gateway runs as a user of its own. */
const ofHomes = (pattern: string, home: string): readonly string[] =>
  pattern.startsWith('~/') ? [`${home}${pattern.slice(1)}`, `/home/*${pattern.slice(1)}`] : [pattern]
