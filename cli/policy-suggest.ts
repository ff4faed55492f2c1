import { resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { ClawtrustError } from '../core/errors.ts'
import { MAX_POLICY_CHARACTERS } from '../policy/language/parse.ts'
import type { ObservedFlow } from '../policy/model/observed-flow.ts'
import { POLICY_NAME } from '../policy/model/policy.ts'
import { readFlows } from '../policy/suggest/read-flows.ts'
import { type Suggestion, suggestPolicy } from '../policy/suggest/suggest.ts'
import { flowWords, omissions, suggestionText } from '../policy/suggest/suggestion-text.ts'
import { fileTrouble, readRegularFile } from '../service/files/regular-file.ts'
import { printable, printableJson } from '../service/log/one-line.ts'
import { timestamp } from '../service/page/words.ts'
import type { CliContext } from './context.ts'
import { requiredConfigFileOption } from './options.ts'
import { type HistoryOptions, historyOf, logsOption, sinceOption, untilOption } from './policy-history-options.ts'
import { wholeNumber } from './whole-number.ts'

interface SuggestOptions extends HistoryOptions {
  readonly flows?: string
  readonly name: string
  readonly minimumEvents: number
  readonly identityLabel?: string
  readonly format: 'text' | 'json'
}

const MAX_FILE_BYTES = 256 * 1024 * 1024

export function policySuggestCommand(context: CliContext): Command {
  return new Command('suggest')
    .description(
      'Drafts an allow-list of what was let pass, and of nothing that was denied. Each rule has its evidence as a comment, and what is left out is at the top.\n' +
        'Read-only: it prints the policy. A draft is for review: what was not seen may be needed, and what was seen may be an attack.',
    )
    .addOption(sinceOption())
    .addOption(untilOption())
    .addOption(requiredConfigFileOption())
    .addOption(logsOption())
    .option('--flows <file>', 'a file of distinct flows to read instead, one as JSON on each line')
    .option('--name <name>', 'the name of the policy', nameOf, 'suggested')
    .option(
      '--minimum-events <number>',
      'the fewest events, for a transport and port between two ends',
      wholeNumber(1),
      2,
    )
    .option('--identity-label <key>', 'the workload label that is the service identity')
    .addOption(new Option('--format <format>', 'the form of the draft').choices(['text', 'json']).default('text'))
    .action(async (options: SuggestOptions) => {
      const { format, name, minimumEvents, identityLabel } = options
      const flows = await flowsOf(options, context)
      const suggestion = suggestPolicy(flows, {
        name,
        minimumEvents,
        ...(identityLabel !== undefined && { identityLabel }),
      })
      const text = suggestionText(suggestion)
      if (text.length > MAX_POLICY_CHARACTERS) {
        throw new ClawtrustError(
          'POLICY_FLOWS_INVALID',
          'The policy would be larger than a policy can be; choose a shorter time, or more --minimum-events',
        )
      }
      context.stdout.write(format === 'text' ? text : printableJson(record(suggestion, text)))
    })
}

async function flowsOf(options: SuggestOptions, context: CliContext): Promise<readonly ObservedFlow[]> {
  const { flows: file, logs, 'config.file': configFile } = options
  if (file === undefined) {
    const history = await historyOf(options, [], context)
    // What is missing in the history is missing in the draft.
    for (const { sentence } of history.gaps) context.stderr.write(`${printable(sentence)}\n`)
    return history.flows()
  }
  if (logs !== undefined || configFile !== undefined) {
    throw new ClawtrustError('USAGE', '--flows is another history than --logs and --config.file; remove one of the two')
  }
  return loadFlows(file, context.folder)
}

async function loadFlows(file: string, folder: string): Promise<readonly ObservedFlow[]> {
  const source = await readRegularFile(resolve(folder, file), MAX_FILE_BYTES).catch(cause => {
    throw new ClawtrustError('POLICY_FLOWS_INVALID', printable(`${file} ${fileTrouble(cause)}`), { cause })
  })
  const read = readFlows(source)
  if (read.ok) return read.flows
  throw new ClawtrustError('POLICY_FLOWS_INVALID', printable(`${file}:${read.line}: ${read.sentence}`))
}

function nameOf(text: string): string {
  if (POLICY_NAME.test(text)) return text
  throw new InvalidArgumentError('A name has letters, digits, hyphens, dots and underscores, at most 63.')
}

const record = ({ evidence, omitted }: Suggestion, text: string): object => ({
  policy: text,
  rules: evidence.map(({ rule, flows, events, firstSeen, lastSeen, samples, widened }) => ({
    rule,
    flows,
    events,
    first_seen: timestamp(firstSeen),
    last_seen: timestamp(lastSeen),
    samples,
    widened,
  })),
  left_out: omissions(omitted).flatMap(({ reason, flows }) =>
    flows.map(({ flow }) => ({
      reason,
      flow: flowWords(flow),
      passed: flow.passed,
      denied: flow.denied,
      first_seen: timestamp(flow.firstSeen),
      last_seen: timestamp(flow.lastSeen),
      samples: flow.samples,
    })),
  ),
})
