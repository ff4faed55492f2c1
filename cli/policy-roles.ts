import { Command, InvalidArgumentError, Option } from 'commander'
import { ClawtrustError } from '../core/errors.ts'
import { parseTarget } from '../core/net/target.ts'
import { parseIsoTime } from '../core/time/iso-time.ts'
import { compileRoles } from '../policy/compile/identity-roles/compile.ts'
import { rolesOfConfig } from '../policy/compile/identity-roles/read-back.ts'
import { createRoleEvaluator } from '../policy/decide/roles.ts'
import { printPolicy } from '../policy/language/print.ts'
import { type DevicePosture, devicePostures } from '../policy/model/policy.ts'
import { printable } from '../service/log/one-line.ts'
import { readConfigFile } from './config-file.ts'
import type { CliContext } from './context.ts'
import { loadPolicyFile } from './policy-file.ts'

interface RolesOptions {
  readonly from?: string
  readonly identity?: string
  readonly scope?: string
  readonly devicePosture?: DevicePosture
  readonly time?: number
  readonly address?: string
  readonly authentication?: 'mutual'
}

export function policyRolesCommand(context: CliContext): Command {
  return new Command('roles')
    .description(
      'Prints the roles of a policy as section identity_roles of clawtrust.yml, whose findings show who holds more. With --from, prints the roles of a configuration as a policy. With --scope, says whether an identity may.\n' +
        'Read-only. What the other form cannot express is listed on standard error. With --scope the exit code is 0 for allow, else 1.',
    )
    .argument('[file]', 'the policy, in the text form or in YAML')
    .option('--from <file>', 'a configuration whose identity_roles are printed as a policy')
    .option('--scope <scope>', 'ask whether an identity may do this')
    .option('--identity <name>', 'with --scope: who asks')
    .addOption(
      new Option('--device-posture <posture>', 'with --scope: the posture of its device').choices([...devicePostures]),
    )
    .option('--time <time>', 'with --scope: when, in ISO 8601', timeOf)
    .option('--address <address>', 'with --scope: its address', addressOf)
    .addOption(
      new Option('--authentication <kind>', 'with --scope: how both ends proved who they are').choices(['mutual']),
    )
    .action(async (file: string | undefined, options: RolesOptions) => {
      const { from, scope } = options
      if ((file === undefined) === (from === undefined)) {
        throw new ClawtrustError('USAGE', 'Name either a policy or, with --from, a configuration')
      }
      if (from !== undefined) {
        const { identity_roles: entries } = await readConfigFile(from, context.folder)
        const { roles, losses } = rolesOfConfig(entries)
        list(losses, context)
        context.stdout.write(printPolicy({ ...empty, roles }))
      } else if (file !== undefined) {
        const { policy, resolved } = await loadPolicyFile(file, context.folder)
        if (scope !== undefined) {
          ask(createRoleEvaluator(resolved), { ...options, scope }, context)
          return
        }
        const { text, losses } = compileRoles(policy.roles)
        list(
          losses.map(({ rule, direction, message }) => `role ${rule} (${direction}): ${message}`),
          context,
        )
        context.stdout.write(text)
      }
    })
}

const empty = { name: 'roles', timeZone: 'UTC', zones: [], lists: [], rules: [], expectations: [] }

const list = (losses: readonly string[], { stderr }: CliContext): void => {
  for (const loss of losses) stderr.write(`${printable(loss)}\n`)
}

function ask(
  decide: ReturnType<typeof createRoleEvaluator>,
  { identity, scope, devicePosture, time, address, authentication }: RolesOptions & { readonly scope: string },
  { stdout }: CliContext,
): void {
  const { answer, role, missing } = decide({
    scope,
    ...(identity !== undefined && { identity }),
    ...(devicePosture !== undefined && { devicePosture }),
    ...(time !== undefined && { time }),
    ...(address !== undefined && { address }),
    ...(authentication !== undefined && { isMutuallyAuthenticated: true }),
  })
  const by = role === undefined ? '' : `, by role ${role}`
  const depends = missing.length === 0 ? '' : `; it depends on ${missing.join(', ')}`
  stdout.write(`${answer}${by}${depends}\n`)
  if (answer !== 'allow') throw new ClawtrustError('POLICY_NOT_ALLOWED', `The answer is ${answer}`)
}

function timeOf(text: string): number {
  const time = parseIsoTime(text)
  if (time !== undefined) return time
  throw new InvalidArgumentError('It is a time such as 2026-11-30T10:00:00Z.')
}

function addressOf(text: string): string {
  const target = parseTarget(text)
  if (target !== undefined && !text.includes('/')) return target.text
  throw new InvalidArgumentError('It is an address such as 10.0.0.5.')
}
