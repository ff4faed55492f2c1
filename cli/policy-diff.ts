import { Command, Option } from 'commander'
import { ClawtrustError } from '../core/errors.ts'
import { diffPolicies, isEmptyDiff, type PolicyDiff } from '../policy/review/diff.ts'
import { diffText } from '../policy/review/diff-text.ts'
import { printable, printableJson } from '../service/log/one-line.ts'
import { counted } from '../service/page/words.ts'
import type { CliContext } from './context.ts'
import { loadPolicyFile, todayOf } from './policy-file.ts'

const formats = {
  text: diff => (isEmptyDiff(diff) ? 'No difference.\n' : diffText(diff).split('\n').map(printable).join('\n')),
  json: printableJson,
} as const satisfies Record<string, (diff: PolicyDiff) => string>

interface DiffOptions {
  readonly format: keyof typeof formats
}

export function policyDiffCommand(context: CliContext): Command {
  return new Command('diff')
    .description(
      'Shows what changed between two versions of a policy: settings, zones, rules and roles, and which zones gain or lose which access. Rules that have expired, expectations, and the layout are left out.\n' +
        'Read-only. The exit code is 0 if there is no difference, 1 if there is one, and 2 if one of the policies has an error.',
    )
    .argument('<old>', 'the file of the old version, in the text form or in YAML')
    .argument('<new>', 'the file of the new version')
    .addOption(new Option('--format <format>', 'the form').choices(Object.keys(formats)).default('text'))
    .action(async (oldFile: string, newFile: string, { format }: DiffOptions) => {
      const before = await loadPolicyFile(oldFile, context.folder)
      const after = await loadPolicyFile(newFile, context.folder)
      const today = todayOf(after.resolved)
      const diff = diffPolicies(before.resolved, after.resolved, today)
      context.stdout.write(formats[format](diff))
      if (!isEmptyDiff(diff)) throw new ClawtrustError('POLICY_DIFFERENCES', summary(diff))
    })
}

/** `2 rules, 1 zone, 4 pairs of zones changed` */
function summary({ settings, zones, isZoneOrderChanged, rules, roles, matrix }: PolicyDiff): string {
  const counts = [
    [settings.length, 'setting', 'settings'],
    [rules.length, 'rule', 'rules'],
    [zones.length, 'zone', 'zones'],
    [roles.length, 'role', 'roles'],
    [matrix.length, 'pair of zones', 'pairs of zones'],
  ] as const
  const words = counts.flatMap(([count, one, many]) => (count === 0 ? [] : [counted(count, one, many)]))
  return `${[...words, ...(isZoneOrderChanged ? ['the order of the zones'] : [])].join(', ')} changed`
}
