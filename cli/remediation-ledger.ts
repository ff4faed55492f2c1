import { setTimeout as pause } from 'node:timers/promises'
import { Argument, Command, Option } from 'commander'
import { ClawtrustError } from '../core/errors.ts'
import { type Incident, incidentStates } from '../remediation/domain/incident.ts'
import { withTime } from '../remediation/operator/commands.ts'
import { openBreaker } from '../remediation/store/breaker.ts'
import type { CommandKind } from '../remediation/store/commands.ts'
import { type Ledger, openLedgerBeside } from '../remediation/store/ledger.ts'
import type { Outbox } from '../service/delivery/outbox.ts'
import { visible } from '../service/page/visible.ts'
import { timestamp } from '../service/page/words.ts'
import type { CliContext } from './context.ts'
import { configFileOption, type ServiceOptions } from './options.ts'
import { remediationConfig } from './remediation-config.ts'

type Run = (ledger: Ledger, argument: string, options: LedgerOptions) => Promise<void>

interface LedgerOptions extends ServiceOptions {
  /** A head of the audit trail that was noted earlier. */
  readonly head?: string
  /** For how long the target is left alone. */
  readonly for?: string
}

/** Commands that read the ledger of a service, running or not, and leave requests in it. */
export function ledgerCommands(context: CliContext): Command[] {
  const say = (line: string): void => {
    context.stdout.write(`${line}\n`)
  }
  const ask =
    (kind: CommandKind): Run =>
    async (ledger, argument, options) =>
      say(await order(ledger, kind, withTime(argument, options.for), context.user))
  const incident = new Argument('<incident>', 'the id of the incident')
  const states = new Argument('[state|dead-letters]', `one of ${incidentStates.join(', ')} and ${DEAD_LETTERS}`)
  return [
    command(context, 'list', 'lists incidents: blocked, pending and closed', list(say), states),
    command(context, 'show', 'shows one incident with its deliveries and audit records', show(say), incident),
    command(
      context,
      'unblock',
      'releases the block of an address, which is not blocked again for remediation.soft_allow',
      ask('unblock'),
      new Argument('<address>', 'the address, as the incident has it'),
    ).addOption(gracePeriod()),
    command(context, 'approve', 'approves a proposed incident', ask('approve'), incident),
    command(context, 'reject', 'rejects a proposed incident', ask('reject'), incident).addOption(gracePeriod()),
    command(
      context,
      'replay',
      'sends dead letters again',
      ask('replay'),
      new Argument('<delivery|all>', 'the id of a dead letter, or all of them'),
    ),
    command(context, 'breaker', 'shows the state of the breaker', breaker(say)),
    command(
      context,
      'reset-breaker',
      'closes the breaker and resets the rate limits; pending approvals of mode enforce are executed at the next delivery',
      ask('reset-breaker'),
    ),
    command(context, 'verify-ledger', 'verifies the hash chain of the audit trail', verify(say)).addOption(
      new Option('--head <hash>', 'an earlier head, which must be among the records'),
    ),
  ]
}

const gracePeriod = (): Option =>
  new Option(
    '--for <duration>',
    'how long alerts lead to no other decision, instead of remediation.soft_allow: 12h, 7d',
  )

function command(context: CliContext, name: string, summary: string, run: Run, argument?: Argument): Command {
  const made = new Command(name).summary(summary).description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
  if (argument !== undefined) made.addArgument(argument)
  return made
    .addOption(configFileOption())
    .addOption(new Option('--state.dir <path>', 'the state folder, which contains the ledger'))
    .action(async (...given: unknown[]) => {
      const self = given.at(-1) as Command
      const options = self.optsWithGlobals<LedgerOptions>()
      const { config } = await remediationConfig(context.folder, options)
      const { remediation } = config
      const ledger = openLedgerBeside(remediation.state_dir)
      try {
        await run(ledger, self.args[0] ?? '', options)
      } finally {
        await ledger.close()
      }
    })
}

const MAX_LISTED = 1_000
const DEAD_LETTERS = 'dead-letters'

function list(say: (line: string) => void): Run {
  return async ({ incidents, outbox }, argument) => {
    if (argument === DEAD_LETTERS) return listDeadLetters(outbox, say)
    const state = incidentStates.find(known => known === argument)
    if (argument !== '' && state === undefined) {
      throw new ClawtrustError(
        'USAGE',
        `${argument} is not a state; the states are ${incidentStates.join(', ')} and ${DEAD_LETTERS}`,
      )
    }
    const found = incidents.list(state === undefined ? [] : [state], MAX_LISTED, true)
    if (found.length === 0) say('No incidents.')
    for (const incident of found) say(line(incident))
  }
}

function listDeadLetters(outbox: Outbox, say: (line: string) => void): void {
  const found = outbox.list('dead', MAX_LISTED)
  if (found.length === 0) say('No dead letters.')
  for (const { id, createdAt, attempts, lastError } of found) {
    say(visible(`${id}  ${timestamp(createdAt)}  ${attempts} attempts  ${lastError}`))
  }
}

function line({ id, state, target, playbook, createdAt, facts, damaged }: Incident): string {
  const until = state === 'blocked' && facts.expiresAt !== undefined ? ` until ${timestamp(facts.expiresAt)}` : ''
  const isWhole = facts.network !== undefined && facts.network !== target
  const network = isWhole ? `, its network ${facts.network}` : ''
  const why = facts.detail === undefined ? '' : ` (${facts.detail})`
  return visible(
    `${id}  ${timestamp(createdAt)}  ${(damaged === true ? 'damaged' : state).padEnd(9)}  ${target || '-'}  ${playbook}${network}${until}${why}`,
  )
}

function show(say: (line: string) => void): Run {
  return async ({ incidents, steps, audit, outbox }, id) => {
    const incident = incidents.get(id)
    if (incident === undefined)
      throw new ClawtrustError('USAGE', `incident ${id} does not exist; clawtrust remediation list shows the incidents`)
    say(line(incident))
    const deliveries = outbox.of(id).map(({ destination, state, attempts, answer, lastError }) => {
      return { destination, state, attempts, answer, lastError }
    })
    const done = steps.of(id).map(({ type, state, detail, attempts, plan }) => {
      return { type, state, detail, attempts, plan }
    })
    // JSON escapes most characters that a terminal interprets; C1 controls and bidirectional marks are escaped here.
    const shown = JSON.stringify(
      { alert: incident.alert, facts: incident.facts, steps: done, deliveries, audit: audit.of(id) },
      null,
      2,
    )
    for (const text of shown.split('\n')) say(visible(text))
  }
}

function breaker(say: (line: string) => void): Run {
  return async ({ documents }) => {
    const open = openBreaker(documents, Date.now())
    if (open === undefined) return say('The breaker is closed.')
    const { cap, openedAt, closesAt } = open
    say(
      `The breaker is open since ${timestamp(openedAt)}: the limit ${cap} was reached; decisions that would be enforced wait for an approval.`,
    )
    say(`It closes at ${timestamp(closesAt)}. To close it now: clawtrust remediation reset-breaker`)
  }
}

function verify(say: (line: string) => void): Run {
  return async ({ audit }, _, { head }) => {
    const state = audit.verify()
    if (!state.ok) throw new ClawtrustError('LEDGER_BROKEN', `The audit trail does not verify: ${state.sentence}.`)
    if (head !== undefined && !audit.holds(head)) {
      throw new ClawtrustError(
        'LEDGER_BROKEN',
        `The audit trail verifies, but has no record with the hash ${head}: it was replaced.`,
      )
    }
    say(`${state.records} records verify; the head is ${state.head}.`)
  }
}

const PATIENCE_MS = 10_000
const LOOK_MS = 100

/** Writes a request to the ledger and waits for the answer of the service. */
async function order(ledger: Ledger, kind: CommandKind, argument: string, actor: string): Promise<string> {
  const id = await ledger.write(() => ledger.commands.add(kind, argument, actor))
  const end = performance.now() + PATIENCE_MS
  while (performance.now() < end) {
    const answer = ledger.commands.answerOf(id)
    if (answer !== undefined) return answer
    await pause(LOOK_MS)
  }
  return 'Recorded. The service does not respond now; it executes the command when it runs.'
}
