import { setTimeout as sleep } from 'node:timers/promises'
import { type Run, watchProcess } from './watched-process.ts'

/** Counts of failed authentications by reason, `rate_limited` standing for lockouts. */
export type Counts = Readonly<Record<string, number>>

export interface CountedRun extends Run {
  readonly counts: Counts
}

const POLL_MS = 50
/** Of Node.js, as `npm start` and the image start it. */
const FLAGS = ['--max-semi-space-size=8']
const here = (path: string): string => new URL(path, import.meta.url).pathname

/** mtail reads the file once and prints its counters. (It calls `one_shot` a mode for debugging.) */
export async function runMtail(file: string): Promise<CountedRun> {
  const args = ['--one_shot', '--one_shot_format', 'prometheus', '--progs', here('./failures.mtail'), '--logs', file]
  const mtail = watchProcess('mtail', args)
  const run = await mtail.ended()
  const exposition = mtail.output()
  return {
    ...run,
    counts: { ...sum(exposition, 'auth_failures'), ...sum(exposition, 'auth_lockouts', 'rate_limited') },
  }
}

/**
 * The exporter as users run it, `program` being its command line, everything on. It is stopped when it says that the
 * backlog is read, and ends when all of it is committed to disk; with `lines` it is stopped only when it exposes that
 * many lines as counted, and what it exposes is returned as counts.
 */
export async function runExporter(program: string, file: string, lines = 0): Promise<CountedRun> {
  const args = ['exporter', '--web.listen-address', '127.0.0.1:0', '--log.level', 'warn', file]
  const exporter = watchProcess(process.execPath, [...FLAGS, program, ...args])
  const ended = exporter.ended()
  try {
    const early = ended.then(() => Promise.reject(new Error('The exporter ended before it had read the file')))
    const url = await Promise.race([until(() => exporter.output().match(/^Open (\S+)$/m)?.[1]), early])
    await until(async () => (await fetch(`${url}-/ready`)).ok || undefined)
    const exposition = lines === 0 ? '' : await until(() => exposedWith(`${url}metrics`, lines))
    exporter.child.kill('SIGTERM')
    return { ...(await ended), counts: exporterCounts(exposition) }
  } finally {
    exporter.child.kill('SIGKILL')
  }
}

/** Asks again and again until there is an answer, for two minutes. */
async function until<T>(ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = performance.now() + 120_000
  while (performance.now() < end) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await sleep(POLL_MS)
  }
  throw new Error('No answer from the exporter within two minutes')
}

async function exposedWith(url: string, lines: number): Promise<string | undefined> {
  const exposition = await (await fetch(url)).text()
  return linesIn(exposition) >= lines ? exposition : undefined
}

function exporterCounts(exposition: string): Counts {
  const lockouts = exposition.replaceAll(/^clawtrust_auth_lockouts_total\{.*mechanism="webhook".*$/gm, '')
  return {
    ...sum(exposition, 'clawtrust_auth_failures_total'),
    ...sum(lockouts, 'clawtrust_auth_lockouts_total', 'rate_limited'),
  }
}

/** How many lines are counted in what is exposed: understood, not understood or skipped. */
function linesIn(exposition: string): number {
  const counts = [...Object.values(sum(exposition, 'clawtrust_events_total', 'all'))]
  counts.push(...Object.values(sum(exposition, 'clawtrust_undecoded_total')))
  return counts.reduce((all, count) => all + count, 0)
}

/** Sums the samples of one metric by their label `reason`, or under one name. */
function sum(exposition: string, metric: string, name?: string): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [, labels = '', value] of exposition.matchAll(new RegExp(`^${metric}\\{(.*)\\} (\\S+)$`, 'gm'))) {
    const key = name ?? labels.match(/reason="([^"]*)"/)?.[1] ?? ''
    sums[key] = (sums[key] ?? 0) + Number(value)
  }
  return sums
}
