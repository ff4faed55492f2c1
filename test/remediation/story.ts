import type { CommandKind } from '../../remediation/store/commands.ts'
import { alert, deliver, message, startRemediation, type TestService, until } from './service.ts'

/** Playbooks of each mode: the built-in brute-force enforces, and two more. */
const playbooks = [
  { name: 'brute-force', mode: 'enforce', steps: [{ type: 'block', ttl: ['1h', '6h'] }] },
  { name: 'privilege-upgrade', mode: 'approve', steps: [{ type: 'block', ttl: ['4h'] }] },
  { name: 'policy-denials', mode: 'observe', steps: [{ type: 'block', ttl: ['1h'] }] },
]

/** A service on a turned clock, and what senders and operators do to it. */
export class RemediationStory {
  readonly service: TestService
  #delivered = 0

  private constructor(service: TestService) {
    this.service = service
  }

  static async begin(more: Record<string, unknown> = {}): Promise<RemediationStory> {
    return new RemediationStory(await startRemediation({ mode: 'enforce', playbooks, ...more }))
  }

  /** An alert that began to fire a minute ago; resolves when it is decided on. */
  async alert(playbook: string, address: string, annotations: Record<string, string> = {}): Promise<void> {
    const startsAt = new Date(this.service.clock.now() - 60_000).toISOString()
    const labels = { alertname: playbook, playbook, source_ip: address }
    const fingerprint = `story-${++this.#delivered}`
    await deliver(this.service, message([alert(address, { labels, annotations, startsAt, fingerprint })]))
    const { incidents } = this.service.ledger
    await until('it is decided on', () => incidents.count('received') + incidents.count('blocking') === 0)
  }

  async pass(milliseconds: number): Promise<void> {
    this.service.clock.pass(milliseconds)
    for (let times = 0; times < 2; times++) await this.service.tick()
  }

  async command(kind: CommandKind, argument: string, actor: string): Promise<void> {
    const { ledger } = this.service
    const id = await ledger.write(() => ledger.commands.add(kind, argument, actor))
    this.service.clock.pass(1_000)
    await until('the command is answered', () => ledger.commands.answerOf(id) !== undefined)
  }

  /** Answers the only proposal that is pending. */
  async answer(kind: 'approve' | 'reject', actor: string): Promise<void> {
    await this.command(kind, this.service.ledger.incidents.list(['proposed'], 1, true)[0]?.id ?? '', actor)
  }
}
