import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { systemClock } from '../core/clock.ts'
import { createLogger } from '../service/log/logger.ts'
import { logAppears } from './awaited-log.ts'
import { readCandidates } from './candidate-policies.ts'
import { checkConnections } from './check-connections.ts'
import { DEFAULT_CONFIG_FILE, located } from './config-file.ts'
import { warnOfConfig } from './config-warnings.ts'
import type { CliContext } from './context.ts'
import { type Invocation, type LoadedConfig, loadConfig } from './load-config.ts'
import { addServiceOptions, type ServiceOptions } from './options.ts'
import { ProgressBar } from './progress-bar.ts'
import { runService } from './run-service.ts'

export function exporterCommand(context: CliContext): Command {
  const command = new Command('exporter')
    .description(
      'Reads logs and serves Prometheus metrics and a page.\n' +
        "Without configured sources, it reads OpenClaw's log folder and the logs of its containers (Docker, podman, Kubernetes), and says which it has considered. Without these, it plays a bundled recording and a demo.",
    )
    .argument('[file...]', 'log files or folders, read from the beginning instead of the configured sources')
  return addServiceOptions(command).action((files: string[], options: ServiceOptions) =>
    withStateDir(files, options, async settled => {
      const invocation: Invocation = { ...context, files, options: settled }
      await runExporter(invocation, context)
    }),
  )
}

async function runExporter(invocation: Invocation, context: CliContext): Promise<void> {
  const loaded = await loadChecked(invocation)
  const bar = context.stderr.isTTY === true ? new ProgressBar(context.stderr, systemClock.monotonic) : undefined
  const logger = createLogger({ ...loaded.config.log, destination: bar ?? context.stderr })
  for (const sentence of loaded.considered ?? []) logger.info(sentence)
  if (loaded.notice !== undefined) logger.info(loaded.notice)
  warnOfConfig(loaded, logger)
  const service = await context.createExporter(loaded, {
    version: context.version,
    logger,
    allowUnauthenticated: invocation.options['web.allowUnauthenticated'] ?? false,
    loadConfig: async () => warnOfConfig(await loadChecked(invocation), logger),
    ...(bar === undefined ? {} : { progress: (source: string, share: number) => bar.update(source, share) }),
  })
  const ending = new AbortController()
  const isThere = async () => (await loadConfig(invocation)).isLogAwaited !== true
  const appears = loaded.isLogAwaited === true ? logAppears({ isThere }, ending.signal) : undefined
  const hasAppeared = appears?.then(found => (found ? undefined : new Promise<void>(() => {})))
  const opened = (url: string) => context.stdout.write(`Open ${url}\n`)
  const isAsked = await runService(service, context.process, logger, opened, hasAppeared)
  ending.abort()
  // The state of recordings is in memory only: a log is read by a service of its own.
  if (!isAsked && (await appears) === true) await runExporter(invocation, context)
}

/**
 * Permanent errors are reported at the start; errors that occur later, such as a key file that disappears, are retried.
 */
async function loadChecked(invocation: Invocation): Promise<LoadedConfig> {
  const loaded = await loadConfig(invocation)
  return located(loaded.placeOf ?? (() => DEFAULT_CONFIG_FILE), async () => {
    await checkConnections(loaded.config)
    return { ...loaded, candidates: await readCandidates(loaded.config.policy) }
  })
}

/** Named files are read from the beginning in each run, so their state is not kept unless a state folder is given. */
async function withStateDir(
  files: readonly string[],
  options: ServiceOptions,
  run: (options: ServiceOptions) => Promise<void>,
): Promise<void> {
  if (files.length === 0 || options['state.dir'] !== undefined) return run(options)
  const folder = await mkdtemp(join(tmpdir(), 'clawtrust-'))
  try {
    await run({ ...options, 'state.dir': folder })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
