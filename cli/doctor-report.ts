import { observers } from '../core/zero-trust.ts'
import type { Dialect } from '../decoding/dialects/dialect.ts'
import { inOneConfiguration, OWN_CONFIGURATION, type SetupStep } from '../decoding/dialects/setup.ts'
import { dialects } from '../decoding/registry.ts'
import type { CoverageAnswer } from '../exporter/web/api/coverage.ts'
import { printable } from '../service/log/one-line.ts'
import { timestamp } from '../service/page/words.ts'
import type { ProgramFinding } from './doctor-programs.ts'

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
  /** Where no sources are configured, the lines by which the same logs are read as now. */
  readonly defaults: readonly SetupStep[]
}

type SignalAnswer = CoverageAnswer['signals'][number]

/** True where a signal is blind, or the host has records that are written and not read. */
export function isBlind({ coverage, programs }: Diagnosis): boolean {
  return (
    coverage.signals.some(({ state }) => state === 'blind') ||
    programs.some(({ unread }) => unread.some(({ isConfigured }) => isConfigured))
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
      unread: unread.map(({ dialect, isConfigured, steps }) => ({ dialect, configured: isConfigured, setup: steps })),
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
    ...unasked.map(
      name => `The source ${name} is read by a running exporter only: start it, and run clawtrust doctor again.`,
    ),
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

function signalLines({ signal, state, readers, reasons, limits, last_event: last }: SignalAnswer): string[] {
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
    ...limits.map(limit => `${' '.repeat(WIDTH + 10)}${limit}`),
  ]
}

function programLines({ program, unread, facts, refused, ...seen }: ProgramFinding): string[] {
  const { configurations, logs, units, containers } = seen
  const paths = [...configurations, ...logs, ...units]
  return [
    `  ${program}: ${paths.slice(0, MOST_PATHS).join(', ') || 'in a container'}${paths.length > MOST_PATHS ? ` and ${paths.length - MOST_PATHS} more` : ''}`,
    ...[...containers, ...facts, ...refused].map(sentence => `    ${sentence}`),
    ...(unread.length === 0 ? ['    read'] : []),
    ...unread.flatMap(({ dialect, isConfigured, steps }) => [
      isConfigured
        ? `    blind: ${dialect} is written, and no source reads it: see clawtrust.yml below`
        : `    not written: ${dialect}, by no configuration that was found. Add, where it protects OpenClaw:`,
      ...foreign(steps).flatMap(stepLines),
    ]),
  ]
}

const MOST_PATHS = 6

const foreign = (steps: readonly SetupStep[]) => steps.filter(({ where }) => where !== OWN_CONFIGURATION)

function stepLines({ where, lines }: SetupStep): string[] {
  return [`      ${where === 'shell' ? 'in a shell' : `in ${where}`}:`, ...lines.map(line => `        ${line}`)]
}

function spotLines({ blind_spots: spots }: CoverageAnswer): string[] {
  const blind = spots.filter(({ state }) => state === 'blind')
  if (blind.length === 0) return []
  return ["Not in OpenClaw's own log, and not read", ...blind.map(({ what }) => `  ${what}`), '']
}

/** What is left to add: the lines of programs that were not found, and clawtrust.yml as a whole. */
function setupLines(diagnosis: Diagnosis): string[] {
  const { programs, defaults, coverage } = diagnosis
  const others = otherDialects(diagnosis)
  const steps = [...others.keys()].flatMap(({ name }) => coverage.setup[name] ?? [])
  const advised = programs.flatMap(({ unread }) => unread.flatMap(one => one.steps))
  const own = inOneConfiguration([...defaults, ...advised, ...steps])
  const isNeeded = own !== undefined && advised.length + steps.length > 0
  return [
    ...[...others].flatMap(([dialect, signals]) => otherLines(dialect, signals, coverage)),
    ...(isNeeded
      ? [
          ...(others.size > 0 ? [''] : []),
          'Below exporter.sources of clawtrust.yml, with your paths, of the programs that you have:',
          ...own.lines.map(line => `  ${line}`),
        ]
      : []),
  ]
}

function otherLines({ name, observer }: Dialect, signals: readonly string[], { setup }: CoverageAnswer): string[] {
  const steps = foreign(setup[name] ?? [])
  const add = steps.length === 0 ? 'See clawtrust.yml below.' : 'Add:'
  const what = `For ${signals.join(', ')}: ${observers[observer]} (${name}) was not found; docs/signals.md lists others. ${add}`
  return [what, ...steps.flatMap(stepLines)]
}

/** For each signal that is blind, the dialect of the nearest observer, unless one of that observer's was found here. */
function otherDialects({ coverage, programs }: Diagnosis): ReadonlyMap<Dialect, readonly string[]> {
  const advised = new Set(programs.flatMap(({ unread }) => unread.map(({ dialect }) => dialect)))
  const chosen = new Map<Dialect, string[]>()
  for (const { signal, unread } of coverage.signals.filter(({ state }) => state === 'blind')) {
    const candidates = dialects.filter(({ name }) => unread.includes(name)).sort(byObserver)
    const nearest = candidates.filter(({ observer }) => observer === candidates[0]?.observer)
    if (nearest.some(({ name }) => advised.has(name))) continue
    const first = nearest.find(dialect => chosen.has(dialect)) ?? nearest[0]
    if (first !== undefined) chosen.set(first, [...(chosen.get(first) ?? []), signal])
  }
  return chosen
}

const rank = Object.keys(observers)
const byObserver = (a: Dialect, b: Dialect): number => rank.indexOf(a.observer) - rank.indexOf(b.observer)
