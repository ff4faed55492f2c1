import { Command, Option } from 'commander'
import { ClawtrustError } from '../core/errors.ts'
import { expectationText } from '../policy/language/write.ts'
import { expectationProblem } from '../policy/review/expectations/failure-text.ts'
import { createExpectationRunner } from '../policy/review/expectations/run.ts'
import { counted } from '../service/page/words.ts'
import type { CliContext } from './context.ts'
import { type PolicyFile, refuseErrors, reviewPolicyFile, todayOf } from './policy-file.ts'
import { type FileResults, testFormats } from './policy-test-formats.ts'

interface TestOptions {
  readonly format: keyof typeof testFormats
}

export function policyTestCommand(context: CliContext): Command {
  return new Command('test')
    .description(
      'Asks each policy what its expectations expect: expect allow, deny or unknown. An expectation holds if each end that it names, and each part of them that the policy names, has this answer.\n' +
        'Read-only. The exit code is 0 if all hold, 1 if one fails or there is none, and 2 if a policy has an error.',
    )
    .argument('<files...>', 'the files, in the text form or in YAML')
    .addOption(
      new Option('--format <format>', 'the form of the results').choices(Object.keys(testFormats)).default('text'),
    )
    .action(async (files: readonly string[], { format }: TestOptions) => {
      const read: PolicyFile[] = []
      for (const file of files) read.push(await reviewPolicyFile(file, context.folder))
      refuseErrors(read)
      const tested = read.map(resultsOf)
      context.stdout.write(testFormats[format](tested))
      const results = tested.flatMap(({ results: all }) => all)
      const failed = results.filter(({ problem }) => problem !== undefined).length
      if (results.length === 0) {
        throw new ClawtrustError('POLICY_TEST_FAILED', 'There are no expectations in these policies; add expect lines')
      }
      if (failed > 0) {
        throw new ClawtrustError('POLICY_TEST_FAILED', `${failed} of ${counted(results.length, 'expectation')} failed`)
      }
    })
}

function resultsOf({ file, source, policy, resolved, expectations }: PolicyFile): FileResults {
  const run = createExpectationRunner(resolved, { today: todayOf(resolved) })
  const results = policy.expectations.flatMap((expectation, index) => {
    const meaning = expectations[index]
    if (meaning === undefined) return []
    const { accesses, failure } = run(meaning)
    return [
      {
        at: expectation.at,
        text: expectationText(expectation),
        accesses,
        problem: failure && expectationProblem(expectation, failure, resolved),
      },
    ]
  })
  return { file, source, name: policy.name, results }
}
