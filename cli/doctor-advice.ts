import { matchesGlob } from 'node:path'
import { parse } from 'yaml'
import type { Observer } from '../core/zero-trust.ts'
import type { Reporter } from '../decoding/dialects/reporter.ts'
import { OWN_CONFIGURATION, quoted, type SetupStep } from '../decoding/dialects/setup.ts'
import type { SourceConfig } from '../exporter/sources/registry.ts'

/** What the lines for clawtrust.yml depend on beside their dialect. */
export interface AdviceContext {
  /** Sources that are configured, or read without configuration. */
  readonly sources: readonly SourceConfig[]
  /** The name of this host, which is that of its gateway in OpenClaw's own log. */
  readonly hostname: string
}

/** Observers whose records do not name the gateway that they stand beside. */
const besideGateway: ReadonlySet<Observer> = new Set(['proxy', 'guard', 'posture', 'certificate', 'tunnel'])

/** The steps of a reporter, those of clawtrust.yml with the gateway of this host and a name that no source has. */
export function advised(
  { observer }: Pick<Reporter, 'observer'>,
  steps: readonly SetupStep[],
  context: AdviceContext,
): readonly SetupStep[] {
  return steps.map(step => (step.where === OWN_CONFIGURATION ? ownStep(observer, step, context) : step))
}

function ownStep(observer: Observer, { where, lines }: SetupStep, context: AdviceContext): SetupStep {
  const taken = new Set(context.sources.map(({ name }) => name))
  return {
    where,
    lines: lines.flatMap(line => {
      const name = /^ {6}name: (\S+)$/.exec(line)?.[1]
      if (name === undefined) return [line]
      const own = `      name: ${freeName(name, taken)}`
      return besideGateway.has(observer) ? [own, `      gateway: ${quoted(gatewayOf(context))}`] : [own]
    }),
  }
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}`
  return free
}

/** The one that the configured sources name, where they name one only. */
function gatewayOf({ sources, hostname }: AdviceContext): string {
  const named = new Set(sources.flatMap(source => ('gateway' in source ? (source.gateway ?? []) : [])))
  const [only] = named
  return named.size === 1 && only !== undefined ? only : hostname
}

/** The configured source that already does what a step of clawtrust.yml adds; undefined where none does. */
export function alreadyConfigured(steps: readonly SetupStep[], sources: readonly SourceConfig[]): string | undefined {
  const added = steps.find(({ where }) => where === OWN_CONFIGURATION)
  if (added === undefined) return undefined
  const [wanted] = parse(added.lines.join('\n')).exporter.sources as readonly Partial<SourceConfig>[]
  return sources.find(source => wanted !== undefined && covers(source, wanted))?.name
}

function covers(source: SourceConfig, wanted: Partial<SourceConfig>): boolean {
  if (source.type !== wanted.type) return false
  if (source.type === 'otlp') return true
  if (source.type === 'file' && wanted.type === 'file') {
    const { paths } = source
    return (wanted.paths ?? []).every(path => paths.some(pattern => coversPath(pattern, path)))
  }
  if (source.type === 'posture' && wanted.type === 'posture') {
    return (
      (wanted.path !== undefined && source.path === wanted.path) ||
      (wanted.command !== undefined && source.command?.join(' ') === wanted.command.join(' '))
    )
  }
  return source.type === 'wireguard' || source.type === 'certificates'
}

/** True where a pattern leads to each file to which another path or pattern does. */
function coversPath(pattern: string, path: string): boolean {
  return pattern === path || matchesGlob(path.replaceAll('*', 'x'), pattern)
}
