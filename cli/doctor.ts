import { homedir, hostname } from 'node:os'
import { Command } from 'commander'
import { ClawtrustError, failureReason } from '../core/errors.ts'
import { parseJson } from '../core/json.ts'
import { readFiles, type SetupStep } from '../decoding/dialects/setup.ts'
import { reporters } from '../exporter/sources/reporters.ts'
import { type CoverageAnswer, coverageAnswer, coverageAnswerSchema } from '../exporter/web/api/coverage.ts'
import { type CoverageFacts, coverageOf } from '../exporter/web/signal-coverage/coverage.ts'
import { boundedFetch } from '../service/http-client/bounded-fetch.ts'
import type { CliContext } from './context.ts'
import { hostWith } from './doctor-host.ts'
import { findPrograms } from './doctor-programs.ts'
import { type Diagnosis, doctorAnswer, doctorReport, isBlind } from './doctor-report.ts'
import { lookAtSources } from './doctor-sources.ts'
import { addExporterClientOptions, addressOf, authorization, type ExporterClientOptions } from './exporter-client.ts'
import { type LoadedConfig, loadConfig } from './load-config.ts'

interface DoctorOptions extends ExporterClientOptions {
  readonly json?: boolean
}

const ANSWER_MS = 3_000
const MAX_ANSWER_BYTES = 4 * 1024 * 1024

export function doctorCommand(context: CliContext): Command {
  const command = new Command('doctor')
    .description(
      'Looks at the configuration of clawtrust, at the running exporter, at the logs and at the configurations of OpenClaw, of proxies and of guards on this host. ' +
        'Says for each signal who reports it, or why it is blind and the exact lines to add.\n' +
        'Read-only: it changes nothing, and starts no program. Logs are read at their beginning and their end only. Exit code 0: every signal is read. 1: something is blind. 2: the configuration cannot be used.',
    )
    .option('--json', 'print JSON')
  return addExporterClientOptions(command).action(async (options: DoctorOptions) => {
    const diagnosis = await diagnose(options, context)
    const { stdout } = context
    stdout.write(
      options.json === true ? `${JSON.stringify(doctorAnswer(diagnosis), undefined, 2)}\n` : doctorReport(diagnosis),
    )
    if (isBlind(diagnosis)) {
      const advice = options.json === true ? 'setup has the lines to add' : 'the lines to add are above'
      throw new ClawtrustError('COVERAGE_BLIND', `Not everything is read; ${advice}.`)
    }
  })
}

async function diagnose(options: DoctorOptions, context: CliContext): Promise<Diagnosis> {
  const file = options['config.file']
  const invocation = { ...context, files: [], options: file === undefined ? {} : { 'config.file': file } }
  const loaded = await loadConfig(invocation).catch((error: unknown): Pick<LoadedConfig, 'notice'> => {
    // A folder that cannot be read is what the doctor is asked for.
    if (error instanceof ClawtrustError && error.code === 'LOG_FOLDER_UNREADABLE')
      return { notice: `${failureReason(error)}.` }
    throw error
  })
  const answered = await askExporter(options, context)
  const coverage = answered.coverage ?? coverageAnswer(coverageOf(await factsOf(loaded)))
  const host = context.host ?? hostWith(homedir(), hostname())
  const sources = 'config' in loaded ? loaded.config.exporter.sources : []
  const programs = await findPrograms({
    host,
    reporters,
    coverage,
    sources,
    containerPlaces: context.containerPlaces ?? [],
  })
  const unasked =
    answered.coverage === undefined ? sources.filter(({ type }) => type !== 'file' && type !== 'recording') : []
  return {
    ...(loaded.notice === undefined ? {} : { notice: loaded.notice }),
    exporter: answered.sentence,
    isRunning: answered.coverage !== undefined,
    unasked: unasked.map(({ name }) => name),
    coverage,
    programs,
    context: { sources, hostname: host.hostname },
    defaults: defaultLines(loaded),
  }
}

/** As soon as one source is configured, those that are found without a configuration are not read any more. */
function defaultLines({ config, notice }: Partial<LoadedConfig>): readonly SetupStep[] {
  if (config === undefined || notice === undefined) return []
  return config.exporter.sources.flatMap(source =>
    source.type === 'file' ? [readFiles(source.name, source.paths, source.containers)] : [],
  )
}

async function factsOf(loaded: Partial<LoadedConfig>): Promise<CoverageFacts> {
  const { config } = loaded
  if (config === undefined) return { sources: [], reporters, trustZones: [] }
  const sources = await lookAtSources(config)
  return {
    sources,
    isRecorded: sources.length === 0 && config.exporter.sources.length > 0,
    reporters,
    trustZones: config.trust_zones.rules.map(({ zone }) => zone),
  }
}

interface Answered {
  readonly sentence: string
  readonly coverage?: CoverageAnswer
}

/** A running exporter knows more than its files show; without one they are looked at. */
async function askExporter(options: DoctorOptions, context: CliContext): Promise<Answered> {
  const lookedAt = 'its log files were looked at instead'
  const base = await addressOf(options, context).catch((error: unknown) => {
    if (error instanceof ClawtrustError && error.code === 'LOG_FOLDER_UNREADABLE') return undefined
    throw error
  })
  if (base === undefined) return { sentence: 'No exporter was asked, because its configuration cannot start one.' }
  const url = new URL('api/v1/coverage', base)
  const headers = await authorization(options, context)
  try {
    const { status, text } = await boundedFetch(
      fetch,
      url,
      { headers, redirect: 'error' },
      { timeout: ANSWER_MS, largest: MAX_ANSWER_BYTES },
    )
    if (status === 401 || status === 403) {
      const sentence = `The exporter at ${base.origin} requires the role view (--web.user, or --web.bearer-token-file); ${lookedAt}.`
      return { sentence }
    }
    const parsed = coverageAnswerSchema.safeParse(parseJson(text))
    if (status === 200 && parsed.success) {
      return { sentence: `The exporter at ${base.origin} is running; this is what it reads.`, coverage: parsed.data }
    }
    return {
      sentence: `What answers at ${base.origin} is no exporter of this version (status ${status}); ${lookedAt}.`,
    }
  } catch (error) {
    return { sentence: `No exporter is running at ${base.origin} (${failureReason(error)}); ${lookedAt}.` }
  }
}
