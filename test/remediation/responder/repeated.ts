import { alert, deliver, message, type TestService, until } from '../service.ts'

export const ADDRESS = '192.0.2.1'

/** Delivers alerts about these addresses, and waits until nothing is left to be decided or sent. */
export async function repeat(service: TestService, addresses: readonly string[] = [ADDRESS], more = {}): Promise<void> {
  await deliver(service, message(addresses.map(address => alert(address, more))))
  await settled(service)
}

export async function settled(service: TestService): Promise<void> {
  await service.tick()
  const waiting = () => service.metric('clawtrust_remediation_queue_depth{queue="decisions"}')
  await until('everything is decided', async () => (await waiting()) === 0)
  await until('nothing is under way', () => service.ledger.incidents.count('blocking') === 0)
}

export async function pass(service: TestService, milliseconds: number): Promise<void> {
  service.clock.pass(milliseconds)
  await service.tick()
}

export const states = ({ ledger }: TestService, address = ADDRESS): readonly string[] =>
  ledger.incidents
    .list([], 999)
    .filter(({ target }) => target === address)
    .map(({ state }) => state)

/** Audit records of decisions on a target. */
export const decisions = (service: TestService, address = ADDRESS): readonly Record<string, unknown>[] =>
  service.ledger.incidents
    .list([], 999)
    .filter(({ target }) => target === address)
    .flatMap(({ id }) => service.ledger.audit.of(id))
    .map(({ unmapped }) => unmapped as Record<string, unknown>)
    .filter(unmapped => 'policy_version' in unmapped)

export async function order(
  service: TestService,
  kind: 'unblock' | 'reject' | 'approve' | 'reset-breaker',
  argument = '',
) {
  const id = await service.ledger.write(() => service.ledger.commands.add(kind, argument, 'alice'))
  await pass(service, 1_000)
  await until('it is answered', () => service.ledger.commands.answerOf(id) !== undefined)
  return service.ledger.commands.answerOf(id)
}
