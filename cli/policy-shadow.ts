import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { ClawtrustError } from '../core/errors.ts'
import { shadowJson } from '../policy/shadow/render/json.ts'
import { shadowPage } from '../policy/shadow/render/page.ts'
import { shadowText } from '../policy/shadow/render/text.ts'
import { shadowReport } from '../policy/shadow/report.ts'
import type { ShadowReport } from '../policy/shadow/report-model.ts'
import { createOrReplaceFile, writeTrouble } from '../service/files/replace-file.ts'
import { DEFAULT_CONFIG_FILE } from './config-file.ts'
import type { CliContext } from './context.ts'
import { requiredConfigFileOption } from './options.ts'
import { loadPolicyFile } from './policy-file.ts'
import { type HistoryOptions, historyOf, logsOption, sinceOption, untilOption } from './policy-history-options.ts'
import { wholeNumber } from './whole-number.ts'

const formats = { table: shadowText, json: shadowJson, html: shadowPage } as const

interface ShadowOptions extends HistoryOptions {
  readonly policy?: string
  readonly against?: string
  readonly format: keyof typeof formats
  readonly out?: string
  readonly minimumDays: number
  readonly minimumEvents: number
  readonly maximumUnknown: number
}

const MINIMUM_DAYS = 7
const MINIMUM_EVENTS = 1_000

export function policyShadowCommand(context: CliContext): Command {
  return new Command('shadow')
    .description(
      'Decides by a policy on the flows of the past, in Elasticsearch or in log files, and reports what it would have allowed, denied, and could not judge. Nothing is enforced, and nothing is written to a store.\n' +
        'The exit code is 0 if nothing that passes would be denied and the evidence suffices, 1 if something would be denied or Elasticsearch cannot be read, 2 if a policy, the configuration or the command line has an error or a log file cannot be read, and 3 if the evidence does not suffice.',
    )
    .addOption(new Option('--policy <file>', 'the policy, in the text form or in YAML (required)'))
    .option('--against <file>', 'the policy to compare with (default: what the logs say was enforced)')
    .addOption(sinceOption())
    .addOption(untilOption())
    .addOption(requiredConfigFileOption())
    .addOption(logsOption())
    .addOption(new Option('--format <format>', 'the form of the report').choices(Object.keys(formats)).default('table'))
    .option('--out <file>', 'the file of the report (default: standard output)')
    .addOption(wholeNumberOption('--minimum-days <days>', 'days with records that are needed', MINIMUM_DAYS))
    .addOption(wholeNumberOption('--minimum-events <events>', 'events that are needed', MINIMUM_EVENTS))
    .addOption(wholeNumberOption('--maximum-unknown <percent>', 'events of 100 that may be unknown', 0))
    .action(async (options: ShadowOptions) => {
      const report = await reportOf(options, context)
      await deliver(formats[options.format](report), options.out, context)
      judge(report)
    })
}

async function reportOf(options: ShadowOptions, context: CliContext): Promise<ShadowReport> {
  const { folder } = context
  if (options.policy === undefined) throw new ClawtrustError('USAGE', '--policy is missing; name the file of a policy')
  refuseToReplace(options, folder)
  const candidate = (await loadPolicyFile(options.policy, folder)).resolved
  const against = options.against === undefined ? undefined : (await loadPolicyFile(options.against, folder)).resolved
  const minimum = {
    days: options.minimumDays,
    events: options.minimumEvents,
    unknownPercent: options.maximumUnknown,
  }
  const policies = against === undefined ? [candidate] : [candidate, against]
  const history = await historyOf(options, policies, context)
  return shadowReport(history, { candidate, against, minimum })
}

/** What the command line names as an input is no place for the report. */
function refuseToReplace({ policy, against, logs, out, 'config.file': config }: ShadowOptions, folder: string): void {
  if (out === undefined) return
  const history = logs ?? [config ?? DEFAULT_CONFIG_FILE]
  const inputs = [policy, against, ...history].filter(file => file !== undefined)
  if (inputs.some(file => resolve(folder, file) === resolve(folder, out))) {
    throw new ClawtrustError('USAGE', `--out ${out} is a file that is read; name another one`)
  }
}

async function deliver(text: string, out: string | undefined, { folder, stdout }: CliContext): Promise<void> {
  if (out === undefined) {
    stdout.write(text)
    return
  }
  await createOrReplaceFile(resolve(folder, out), text).catch(cause => {
    throw new ClawtrustError('USAGE', `${out} ${writeTrouble(cause)}`, { cause })
  })
}

/** Ends with the code of the verdict. */
function judge({ verdict: { decision, reasons } }: ShadowReport): void {
  if (decision === 'nothing_would_be_denied') return
  const code = decision === 'would_deny' ? 'POLICY_WOULD_DENY' : 'POLICY_EVIDENCE_INSUFFICIENT'
  throw new ClawtrustError(code, reasons.join('; '))
}

const wholeNumberOption = (flags: string, about: string, preset: number): Option =>
  new Option(flags, about).argParser(wholeNumber(0)).default(preset)
