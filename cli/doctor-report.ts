import { observers } from '../core/zero-trust.ts'
import type { Reporter } from '../decoding/dialects/reporter.ts'
import { inOneConfiguration, OWN_CONFIGURATION, type SetupStep } from '../decoding/dialects/setup.ts'
import { reporters } from '../exporter/sources/reporters.ts'
import type { CoverageAnswer } from '../exporter/web/api/coverage.ts'
import { printable } from '../service/log/one-line.ts'
import { timestamp } from '../service/page/words.ts'
import { type AdviceContext, advised } from './doctor-advice.ts'
import type { ProgramFinding, UnreadDialect } from './doctor-programs.ts'

/** What `clawtrust doctor` has found. */
export interface Diagnosis {
  /** What is read where no sources are configured. */
  readonly notice?: string
  /** One sentence about the running exporter. */
  readonly exporter: string
  readonly isRunning: boolean
  /** Sources that only a running exporter reads. */
  readonly unasked: readonly string[]
  readonly coverage: CoverageAnswer
  readonly programs: readonly ProgramFinding[]
  readonly context: AdviceContext
  /** Where no sources are configured, the lines by which the same logs are read as now. */
  readonly defaults: readonly SetupStep[]
}

type SignalAnswer = CoverageAnswer['signals'][number]

/** True where a signal is blind, or the host has records that are written and not read. */
export function isBlind({ coverage, programs }: Diagnosis): boolean {
  return (
    coverage.signals.some(({ state }) => state === 'blind') ||
    programs.some(({ unread }) => unread.some(({ isConfigured, source }) => isConfigured && source === undefined))
  )
}

/** What `--json` prints; docs/install.md describes it. */
export function doctorAnswer(diagnosis: Diagnosis): object {
  const { notice = null, exporter, isRunning, unasked, coverage, programs } = diagnosis
  return {
    blind: isBlind(diagnosis),
    notice,
    exporter: { running: isRunning, sentence: exporter },
    sources_not_looked_at: unasked,
    programs: programs.map(({ unread, ...seen }) => ({
      ...seen,
      unread: unread.map(({ dialect, isConfigured, source = null, steps }) => {
        return { dialect, configured: isConfigured, source, setup: steps }
      }),
    })),
    ...coverage,
  }
}

/** For a terminal, the blind first; texts of the host are made visible. */
export function doctorReport(diagnosis: Diagnosis): string {
  const { notice, exporter, unasked, coverage, programs } = diagnosis
  const lines = [
    ...(notice === undefined ? [] : [notice]),
    exporter,
    ...(unasked.length === 0
      ? []
      : [`Only a running exporter reads ${unasked.join(', ')}: start it, and run clawtrust doctor again.`]),
    '',
    'Signals',
    ...order.flatMap(state => coverage.signals.filter(signal => signal.state === state)).flatMap(signalLines),
    '',
    'Programs on this host',
    ...(programs.length === 0 ? ['  none of those whose records are read was found'] : programs.flatMap(programLines)),
    '',
    ...spotLines(coverage),
    ...setupLines(diagnosis),
  ]
  return `${lines.map(printable).join('\n').trimEnd()}\n`
}

const order = ['blind', 'quiet', 'fed'] as const
const WIDTH = 26

function signalLines({ signal, state, readers, reasons, limits, last_event: last, ...zones }: SignalAnswer): string[] {
  const from = readers
    .filter(({ up }) => up)
    .map(({ source, dialect }) => `${source} (${dialect})`)
    .join(', ')
  const what = {
    blind: reasons.map(({ sentence }) => sentence).join(' '),
    quiet: `read from ${from}; no event yet`,
    fed: `read from ${from}${last === null ? '' : `; last event ${timestamp(last * 1000)}`}`,
  }[state]
  return [
    `  ${state.padEnd(6)} ${signal.padEnd(WIDTH)} ${what}`,
    ...[...(state === 'fed' ? zoneLines(zones) : []), ...limits].map(line => `${' '.repeat(WIDTH + 10)}${line}`),
  ]
}

/** Where its events are; a zone of the configuration without one may be misspelt. */
function zoneLines({ trust_zones: zones }: Pick<SignalAnswer, 'trust_zones'>): string[] {
  const fed = zones.flatMap(({ trust_zone: zone, last_event: last }) =>
    last === null ? [] : [`${zone} ${timestamp(last * 1000)}`],
  )
  const quiet = zones.filter(({ last_event: last }) => last === null).map(({ trust_zone: zone }) => zone)
  // Signals that are derived from others have no last event of their own.
  if (fed.length === 0) return []
  return [
    `in the trust zones ${fed.join(', ')}`,
    ...(quiet.length === 0 ? [] : [`no event yet in ${quiet.join(', ')}`]),
  ]
}

function programLines({ program, unread, facts, refused, ...seen }: ProgramFinding): string[] {
  const { configurations, logs, units, containers } = seen
  const paths = [...configurations, ...logs, ...units]
  return [
    `  ${program}: ${paths.slice(0, MOST_PATHS).join(', ') || 'in a container'}${paths.length > MOST_PATHS ? ` and ${paths.length - MOST_PATHS} more` : ''}`,
    ...[...containers, ...facts, ...refused].map(sentence => `    ${sentence}`),
    ...(unread.length === 0 ? ['    read'] : []),
    ...unread.flatMap(unreadLines),
  ]
}

function unreadLines({ dialect, isConfigured, isAsked, source, steps }: UnreadDialect): string[] {
  const lines = foreign(steps).flatMap(stepLines)
  if (source !== undefined && lines.length === 0)
    return [`    read by ${source}: ${dialect}, of which there is no record yet`]
  if (isConfigured) return [`    blind: ${dialect} is written, and no source reads it: see clawtrust.yml below`]
  const also = source === undefined ? '' : ` (the source ${source} would read it)`
  if (isAsked && lines.length === 0) return [`    not asked for: ${dialect}; see clawtrust.yml below`]
  if (isAsked) return [`    not asked for: ${dialect}${also}. Add:`, ...lines]
  return [
    `    not written: ${dialect}${also}; no configuration that was found has it. Add${isOfProxy(dialect) ? ', if it is in front of OpenClaw' : ''}:`,
    ...lines,
  ]
}

const isOfProxy = (dialect: string): boolean =>
  reporters.some(({ name, observer }) => name === dialect && observer === 'proxy')

const MOST_PATHS = 6

const foreign = (steps: readonly SetupStep[]) => steps.filter(({ where }) => where !== OWN_CONFIGURATION)

function stepLines({ where, lines }: SetupStep): string[] {
  return [`      ${where === 'shell' ? 'in a shell' : `in ${where}`}:`, ...lines.map(line => `        ${line}`)]
}

function spotLines({ blind_spots: spots }: CoverageAnswer): string[] {
  const blind = spots.filter(({ state }) => state === 'blind')
  if (blind.length === 0) return []
  return [
    "Not in OpenClaw's own log, and not read; docs/signals.md has the lines to add for each dialect and source",
    ...blind.flatMap(({ what, unread }) => [`  ${what}`, `      reported by ${unread.join(', ')}`]),
    '',
  ]
}

/** What is left to add: the lines of programs that were not found, and clawtrust.yml as a whole. */
function setupLines(diagnosis: Diagnosis): string[] {
  const { programs, defaults, coverage, context } = diagnosis
  const others = otherReporters(diagnosis)
  const ofOthers = [...others.keys()].flatMap(one => advised(one, coverage.setup[one.name] ?? [], context))
  const ofPrograms = programs.flatMap(({ unread }) => unread.flatMap(one => one.steps))
  const own = inOneConfiguration([...defaults, ...ofPrograms, ...ofOthers])
  const isNeeded = own !== undefined && [...ofPrograms, ...ofOthers].some(({ where }) => where === OWN_CONFIGURATION)
  return [
    ...[...others].flatMap(([dialect, signals]) => otherLines(dialect, signals, coverage)),
    ...(isNeeded
      ? [
          ...(others.size > 0 ? [''] : []),
          `In clawtrust.yml, ${diagnosis.notice === undefined ? 'beside the sources that it has, ' : ''}with your paths and names, of the programs that you have (clawtrust check-config checks it):`,
          'Where a shipper stores a log in Elasticsearch, read its index in the place of the file: docs/elasticsearch.md.',
          '',
          ...own.lines,
        ]
      : []),
  ]
}

function otherLines({ name, observer }: Reporter, signals: readonly string[], { setup }: CoverageAnswer): string[] {
  const steps = foreign(setup[name] ?? [])
  const add = steps.length === 0 ? 'See clawtrust.yml below.' : 'Add:'
  const what = `For ${signals.join(', ')}: ${observers[observer]} (${name}) was not found; docs/signals.md lists others. ${add}`
  return [what, ...steps.flatMap(stepLines)]
}

/** For each signal that is blind, the dialect of the nearest observer, unless one of that observer's was found here. */
function otherReporters({ coverage, programs }: Diagnosis): ReadonlyMap<Reporter, readonly string[]> {
  const found = new Set(programs.flatMap(({ unread }) => unread.map(({ dialect }) => dialect)))
  const chosen = new Map<Reporter, string[]>()
  for (const { signal, unread } of coverage.signals.filter(({ state }) => state === 'blind')) {
    const candidates = reporters.filter(({ name }) => unread.includes(name)).sort(byObserver)
    const nearest = candidates.filter(({ observer }) => observer === candidates[0]?.observer)
    if (nearest.some(({ name }) => found.has(name))) continue
    const first = nearest.find(one => chosen.has(one)) ?? nearest[0]
    if (first !== undefined) chosen.set(first, [...(chosen.get(first) ?? []), signal])
  }
  return chosen
}

const rank = Object.keys(observers)
const byObserver = (a: Reporter, b: Reporter): number => rank.indexOf(a.observer) - rank.indexOf(b.observer)
