import { afterEach, expect, it } from '@jest/globals'
import { configSchema } from '../../cli/config-schema.ts'
import { nameableNetworks } from '../../cli/nameable-networks.ts'
import { Evictions } from '../../exporter/pipeline/evictions.ts'
import { Offenders } from '../../exporter/pipeline/offenders.ts'
import { createLogger } from '../../service/log/logger.ts'
import { createSeriesStore } from '../../service/series/store.ts'
import { HandClock } from '../exporter/pipeline/fixtures.ts'
import { alert, deliver, message, startRemediation, stopAll, until } from '../remediation/service.ts'

afterEach(stopAll)

/** Alerts named the network, which remediation never blocks because of its one protected address. */
it('blocks each of four attackers who come from the network of a protected address', async () => {
  const remediation = { mode: 'enforce', never_block: { networks: ['2001:db8:1:2::5'] } } as const
  const clock = new HandClock()
  const store = createSeriesStore()
  const mayBeNamedWhole = await nameableNetworks(configSchema.parse({ remediation }), {
    find: async () => [],
    clock,
    logger: createLogger({ destination: { write: () => {} } }),
  })
  const { offenders: options } = configSchema.parse({}).exporter
  const offenders = new Offenders(options, clock, store, new Evictions(store), { mayBeNamedWhole })
  const attackers = ['a', 'b', 'c', 'd'].map(host => `2001:db8:1:2::${host}`)
  for (const address of attackers) {
    offenders.count({
      signal: 'auth_failures',
      labels: {},
      outcome: 'failure',
      severity: 'medium',
      eventTime: clock.now(),
      count: 20,
      gateway: 'gw',
      trustZone: 'z',
      actor: { address, addressTrusted: true },
      record: { source: 's', id: '1' },
    })
  }
  offenders.expose()
  let exposition = ''
  for await (const slice of store.render()) exposition += slice
  const sources = [...exposition.matchAll(/source_ip="([^"]+)"/g)].map(([, source = '']) => source)
  const service = await startRemediation(remediation)
  await deliver(service, message(sources.map(source => alert(source))))
  await until('all are decided on', () => service.ledger.incidents.count('received') === 0)
  await until('the attackers are blocked', () => service.kernel.elements.size === attackers.length)
  expect([...service.kernel.elements.keys()].toSorted()).toEqual(attackers)
})
