import { Command } from 'commander'
import { addCommands, type CreateCommand, type LazyCommands } from './commands.ts'

const commands: LazyCommands = {
  fmt: {
    usage: '[options] <files...>',
    summary: 'gives policies their one layout',
    load: async () => (await import('./policy-fmt.ts')).policyFmtCommand,
  },
  lint: {
    usage: '[options] <files...>',
    summary: 'finds errors in policies, and what is probably not meant',
    load: async () => (await import('./policy-lint.ts')).policyLintCommand,
  },
  convert: {
    usage: '[options] <file>',
    summary: 'prints a policy in the other form',
    load: async () => (await import('./policy-convert.ts')).policyConvertCommand,
  },
  diff: {
    usage: '[options] <old> <new>',
    summary: 'shows what changed between two versions of a policy',
    load: async () => (await import('./policy-diff.ts')).policyDiffCommand,
  },
  compile: {
    usage: '[options] <file>',
    summary: 'compiles a policy for what enforces it',
    load: async () => (await import('./policy-compile.ts')).policyCompileCommand,
  },
  roles: {
    usage: '[options] [file]',
    summary: 'compiles roles to identity_roles, reads them back, and asks them',
    load: async () => (await import('./policy-roles.ts')).policyRolesCommand,
  },
  suggest: {
    usage: '[options]',
    summary: 'drafts a policy from observed flows',
    load: async () => (await import('./policy-suggest.ts')).policySuggestCommand,
  },
  test: {
    usage: '[options] <files...>',
    summary: 'runs the expectations of policies',
    load: async () => (await import('./policy-test.ts')).policyTestCommand,
  },
  paths: {
    usage: '[options] <file>',
    summary: 'lists the lateral moves that a policy lets pass',
    load: async () => (await import('./policy-paths.ts')).policyPathsCommand,
  },
  shadow: {
    usage: '[options]',
    summary: 'tests a policy against the history of flows',
    load: async () => (await import('./policy-shadow.ts')).policyShadowCommand,
  },
}

export const policyCommand: CreateCommand = (context, isCalled) => {
  const group = new Command('policy').description(
    'Policies as code: allow-lists of who may reach what, in a language of their own.',
  )
  return addCommands(group, commands, context, isCalled)
}
