import { type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/clock.ts'
import { ChainCheck, chainedHash } from '../../service/audit/hash-chain.ts'
import type { LedgerAction, LedgerActionKind, LedgerIncident, LedgerView } from '../../service/views/ledger-view.ts'
import { ATTACK, ATTACKER } from './story.ts'

interface Step {
  /** After the receipt of the alert, milliseconds. */
  readonly after: number
  readonly kind: LedgerActionKind
  readonly actor?: string
}

interface DemoIncident {
  readonly time: EpochMs
  readonly playbook: string
  readonly target: string
  readonly steps: readonly Step[]
  readonly firstEvent?: EpochMs
}

const at = (text: string): EpochMs => Date.parse(`2026-${text}Z`)

/** Blocked by the service for a time. */
const enforced = (length: number): readonly Step[] => [
  { after: 2 * SECOND_MS, kind: 'decided' },
  { after: 3 * SECOND_MS, kind: 'enforced' },
  { after: length, kind: 'expired' },
]

/** Proposed to a person, who approved it. */
const approved = (wait: number, length: number, actor: string): readonly Step[] => [
  { after: SECOND_MS, kind: 'proposed' },
  { after: wait, kind: 'decided', actor },
  { after: wait + 2 * SECOND_MS, kind: 'enforced' },
  { after: wait + length, kind: 'expired' },
]

const rejected = (wait: number, actor: string): readonly Step[] => [
  { after: SECOND_MS, kind: 'proposed' },
  { after: wait, kind: 'rejected', actor },
]

const observed: readonly Step[] = [{ after: 2 * SECOND_MS, kind: 'observed' }]

/** What remediation did, the attack of October among it. */
const incidents: readonly DemoIncident[] = [
  { time: at('06-09T03:12:40'), playbook: 'brute-force', target: '203.0.113.9', steps: observed },
  { time: at('06-23T19:02:11'), playbook: 'mtls-unknown-source', target: '203.0.113.71', steps: observed },
  { time: at('07-08T02:31:05'), playbook: 'brute-force', target: '203.0.113.20', steps: enforced(HOUR_MS) },
  {
    time: at('07-21T14:20:00'),
    playbook: 'mtls-unknown-source',
    target: '198.51.100.77',
    steps: rejected(26 * MINUTE_MS, 'a.berg'),
  },
  {
    time: at('08-12T20:10:00'),
    playbook: 'privilege-upgrade',
    target: '198.51.100.40',
    steps: [
      { after: SECOND_MS, kind: 'proposed' },
      { after: 4 * HOUR_MS, kind: 'lapsed' },
    ],
  },
  { time: at('09-03T22:47:30'), playbook: 'brute-force', target: '203.0.113.44', steps: enforced(HOUR_MS) },
  { time: at('09-17T05:05:05'), playbook: 'brute-force', target: '203.0.113.44', steps: enforced(6 * HOUR_MS) },
  {
    time: at('10-02T11:31:20'),
    playbook: 'mtls-unknown-source',
    target: '198.51.100.61',
    steps: approved(11 * MINUTE_MS, 4 * HOUR_MS, 'a.berg'),
  },
  // An own office, whose address had changed.
  {
    time: at('10-08T08:03:00'),
    playbook: 'brute-force',
    target: '198.51.100.23',
    steps: [
      { after: 2 * SECOND_MS, kind: 'decided' },
      { after: 3 * SECOND_MS, kind: 'enforced' },
      { after: 14 * MINUTE_MS, kind: 'released', actor: 'd.novak' },
    ],
  },
  { time: at('10-15T16:45:10'), playbook: 'policy-denials', target: '198.51.100.88', steps: observed },
  {
    time: ATTACK.start + 70 * SECOND_MS,
    playbook: 'brute-force',
    target: ATTACKER,
    steps: enforced(6 * HOUR_MS),
    firstEvent: ATTACK.start,
  },
  {
    time: at('10-28T13:15:00'),
    playbook: 'privilege-upgrade',
    target: '198.51.100.40',
    steps: rejected(9 * MINUTE_MS, 'a.berg'),
  },
]

const idOf = ({ time, playbook, target }: DemoIncident): string =>
  chainedHash(playbook, `${target} ${time}`).slice(0, 16)

/** The ledger of the demo as it was at a time. */
export function createDemoLedger(now: EpochMs): LedgerView {
  const known = incidents.filter(({ time }) => time < now)
  const actions = known
    .flatMap(incident =>
      incident.steps.map(({ after, kind, actor = '' }): LedgerAction => {
        return { kind, time: incident.time + after, incident: idOf(incident), target: incident.target, actor }
      }),
    )
    .filter(({ time }) => time < now)
    .sort((one, other) => one.time - other.time)
  return {
    path: 'synthetic ledger of the demo',
    period: (start, end) => {
      const before = actions.filter(({ time }) => time < end)
      return {
        since: known[0] !== undefined && known[0].time < end ? known[0].time : null,
        newest: before.at(-1)?.time ?? null,
        incidents: known.filter(({ time }) => time >= start && time < end).map(incidentOf),
        actions: before.filter(({ time }) => time >= start),
        damaged: { incidents: 0, records: 0 },
        chain: { verified: true, detail: '', ...chainOf(before) },
      }
    },
    close: () => {},
  }
}

function incidentOf(incident: DemoIncident): LedgerIncident {
  const { time, playbook, target, firstEvent = null } = incident
  const firedAt = time - 20 * SECOND_MS
  return { id: idOf(incident), playbook, target, receivedAt: time, firedAt, firstEvent, damaged: false }
}

/** As the real one is chained, over the actions. */
function chainOf(actions: readonly LedgerAction[]): { readonly records: number; readonly head: string } {
  const check = new ChainCheck()
  for (const [index, action] of actions.entries()) {
    const record = JSON.stringify(action)
    check.take([{ sequence: index + 1, record, hash: chainedHash(check.hash, record) }])
  }
  return { records: check.records, head: check.hash }
}
