import { Command, Option } from 'commander'
import { ClawtrustError } from '../core/errors.ts'
import { Places } from '../policy/language/problem-text.ts'
import type { PolicyProblem } from '../policy/model/problem.ts'
import { lintPolicy } from '../policy/review/lint.ts'
import { type ReviewedFile, sarifLog } from '../policy/review/sarif.ts'
import { printableJson } from '../service/log/one-line.ts'
import { counted } from '../service/page/words.ts'
import type { CliContext } from './context.ts'
import { isError, type PolicyFile, problemTexts, reviewPolicyFile, todayOf } from './policy-file.ts'

/** From the worst on. */
const levels = ['error', 'warning', 'note'] as const satisfies readonly PolicyProblem['level'][]
type Level = (typeof levels)[number]

const formats = {
  text: files =>
    files
      .flatMap(problemTexts)
      .map(text => `${text}\n`)
      .join(''),
  json: files => printableJson(files.flatMap(problemRecords)),
  sarif: (files, version) => printableJson(sarifLog(files, version)),
} as const satisfies Record<string, (files: readonly ReviewedFile[], version: string) => string>

interface LintOptions {
  readonly format: keyof typeof formats
  readonly failOn: Level
}

export function policyLintCommand(context: CliContext): Command {
  return new Command('lint')
    .description(
      'Finds errors in policies, and what is probably not meant: rules that allow too much, that change nothing, that have expired.\n' +
        'Read-only. The exit code is 0 if nothing of the level of --fail-on or above was found, 1 if something was, and 2 if a policy has an error and so no meaning.',
    )
    .argument('<files...>', 'the files, in the text form or in YAML')
    .addOption(
      new Option('--format <format>', 'the form of the findings').choices(Object.keys(formats)).default('text'),
    )
    .addOption(new Option('--fail-on <level>', 'the lowest level that fails').choices([...levels]).default('warning'))
    .action(async (files: readonly string[], { format, failOn }: LintOptions) => {
      const read: PolicyFile[] = []
      for (const file of files) read.push(await reviewPolicyFile(file, context.folder))
      const reviewed = read.map(withLint)
      context.stdout.write(formats[format](reviewed, context.version))
      const problems = reviewed.flatMap(one => one.problems)
      if (read.some(one => one.problems.some(isError))) throw new ClawtrustError('POLICY_INVALID', summary(problems))
      const failing: readonly Level[] = levels.slice(0, levels.indexOf(failOn) + 1)
      if (problems.some(({ level }) => failing.includes(level))) {
        throw new ClawtrustError('POLICY_FINDINGS', summary(problems))
      }
    })
}

/** A policy with errors has no meaning that could be looked at. */
function withLint(file: PolicyFile): PolicyFile {
  const { policy, resolved, problems } = file
  if (problems.some(isError)) return file
  const today = todayOf(policy)
  const all = [...problems, ...lintPolicy(policy, resolved, today)].sort((a, b) => a.at.from - b.at.from)
  return { ...file, problems: all }
}

/** `1 error, 2 warnings` */
function summary(problems: readonly PolicyProblem[]): string {
  const counts = levels.map(level => ({ level, count: problems.filter(problem => problem.level === level).length }))
  return counts.flatMap(({ level, count }) => (count === 0 ? [] : [counted(count, level)])).join(', ')
}

function problemRecords({ file, source, problems }: ReviewedFile): readonly object[] {
  const places = new Places(source)
  return problems.map(({ at, kind, level, message, suggestion }) => {
    const [start, end] = [places.at(at.from), places.at(at.to)]
    return { file, ...start, endLine: end.line, endColumn: end.column, level, kind, message, suggestion }
  })
}
