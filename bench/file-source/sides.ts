import { setTimeout as sleep } from 'node:timers/promises'
import { type Run, watchProcess } from './watched-process.ts'

/** Counts of failed authentications by reason, `rate_limited` standing for lockouts. */
export type Counts = Readonly<Record<string, number>>

export interface CountedRun extends Run {
  readonly counts: Counts
}

const POLL_MS = 20
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
 * The exporter as users run it, everything on: it reads the file from its beginning and serves /metrics meanwhile. It is
 * stopped as soon as it exposes what it has counted in all `lines`, which is when that is committed to disk.
 */
export async function runExporter(file: string, lines: number): Promise<CountedRun> {
  const args = [
    here('../../cli/main.ts'),
    'exporter',
    '--web.listen-address',
    '127.0.0.1:0',
    '--log.level',
    'warn',
    file,
  ]
  const exporter = watchProcess(process.execPath, args)
  const ended = exporter.ended()
  const url = await Promise.race([addressOf(exporter.output), ended.then(() => Promise.reject(new Error('It ended')))])
  let exposition = ''
  while (linesIn(exposition) < lines) {
    await sleep(POLL_MS)
    exposition = await (await fetch(`${url}metrics`)).text()
  }
  exporter.child.kill('SIGTERM')
  const run = await ended
  const lockouts = exposition.replaceAll(/^clawtrust_auth_lockouts_total\{.*mechanism="webhook".*$/gm, '')
  const counts = {
    ...sum(exposition, 'clawtrust_auth_failures_total'),
    ...sum(lockouts, 'clawtrust_auth_lockouts_total', 'rate_limited'),
  }
  return { ...run, counts }
}

async function addressOf(output: () => string): Promise<string> {
  for (;;) {
    const url = output().match(/^Open (\S+)$/m)?.[1]
    if (url !== undefined) return url
    await sleep(POLL_MS)
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
