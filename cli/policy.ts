import { Command } from 'commander'
import type { CliContext } from './context.ts'
import { policyCompileCommand } from './policy-compile.ts'
import { policyConvertCommand } from './policy-convert.ts'
import { policyDiffCommand } from './policy-diff.ts'
import { policyFmtCommand } from './policy-fmt.ts'
import { policyLintCommand } from './policy-lint.ts'
import { policyPathsCommand } from './policy-paths.ts'
import { policyRolesCommand } from './policy-roles.ts'
import { policyShadowCommand } from './policy-shadow.ts'
import { policySuggestCommand } from './policy-suggest.ts'
import { policyTestCommand } from './policy-test.ts'

export function policyCommand(context: CliContext): Command {
  return new Command('policy')
    .summary('reads, checks, compares and compiles policies')
    .description('Policies as code: allow-lists of who may reach what, in a language of their own.')
    .addCommand(policyFmtCommand(context))
    .addCommand(policyLintCommand(context))
    .addCommand(policyConvertCommand(context))
    .addCommand(policyDiffCommand(context))
    .addCommand(policyCompileCommand(context))
    .addCommand(policyRolesCommand(context))
    .addCommand(policySuggestCommand(context))
    .addCommand(policyTestCommand(context))
    .addCommand(policyPathsCommand(context))
    .addCommand(policyShadowCommand(context))
}
