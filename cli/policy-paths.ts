import { Command, Option } from 'commander'
import { nearest } from '../core/config/sentence.ts'
import { ClawtrustError } from '../core/errors.ts'
import { lateralMoves } from '../policy/review/lateral-moves.ts'
import { lateralMovesText } from '../policy/review/lateral-moves-text.ts'
import { printable, printableJson } from '../service/log/one-line.ts'
import type { CliContext } from './context.ts'
import { loadPolicyFile, type PolicyFile, todayOf } from './policy-file.ts'
import { wholeNumber } from './whole-number.ts'

interface PathsOptions {
  readonly from?: string
  readonly to?: string
  readonly depth?: number
  readonly failOn: 'allow' | 'unknown'
  readonly json?: boolean
}

export function policyPathsCommand(context: CliContext): Command {
  return new Command('paths')
    .description(
      'Lists what a policy lets pass from a zone that an attacker holds, and then from each zone that is reached: the rule, the ports and the conditions of each move. What depends on what the policy does not say is listed apart.\n' +
        'Read-only. The exit code is 0; with --to it is 1 if a way leads there. It is 2 if the policy has an error or no such zone.',
    )
    .argument('<file>', 'the policy, in the text form or in YAML')
    .option('--from <zone>', 'the zone that an attacker holds (required)')
    .option('--to <zone>', 'only moves on a way to this zone, and fail if there is one')
    .option('--depth <number>', 'the most moves of a way', wholeNumber(1, 9_999))
    .addOption(
      new Option('--fail-on <answer>', 'with --to: whether a way that may pass fails too')
        .choices(['allow', 'unknown'])
        .default('allow'),
    )
    .option('--json', 'print JSON')
    .action(async (file: string, { from, to, depth, failOn, json = false }: PathsOptions) => {
      const loaded = await loadPolicyFile(file, context.folder)
      if (from === undefined)
        throw new ClawtrustError('USAGE', `Name the zone that an attacker holds with --from${known(loaded)}`)
      for (const zone of to === undefined ? [from] : [from, to]) requireZone(zone, loaded)
      const { resolved } = loaded
      const today = todayOf(resolved)
      const found = lateralMoves(resolved, from, {
        today,
        ...(to !== undefined && { to }),
        ...(depth !== undefined && { depth }),
      })
      context.stdout.write(json ? printableJson({ from, to, depth, ...found }) : lateralMovesText(from, to, found))
      if (to === undefined) return
      const leads = found.passing.length > 0 ? 'leads' : 'may lead'
      if (leads === 'leads' || (failOn === 'unknown' && found.possiblyReached.includes(to))) {
        throw new ClawtrustError('POLICY_PATH', `A way ${leads} from zone ${from} to zone ${to}`)
      }
    })
}

/** Zones in a message. */
const MAX_NAMED = 8

function requireZone(name: string, loaded: PolicyFile): void {
  const names = loaded.policy.zones.map(zone => zone.name)
  if (names.includes(name)) return
  const meant = nearest(name, names)
  const hint = meant === undefined ? known(loaded) : `; did you mean ${meant}?`
  throw new ClawtrustError('USAGE', printable(`${loaded.file} has no zone ${JSON.stringify(name.slice(0, 64))}${hint}`))
}

const known = ({ policy: { zones } }: PolicyFile): string =>
  zones.length === 0
    ? '; moves are between zones, and the policy has none'
    : `; the policy has ${zones
        .slice(0, MAX_NAMED)
        .map(({ name }) => name)
        .join(', ')}`
