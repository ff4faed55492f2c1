import { type Footprint, readFiles, type SetupStep } from '../setup.ts'

export const nftablesFootprint: Footprint = {
  program: 'nftables',
  configurations: ['/etc/nftables.conf', '/etc/nftables.d/*.nft'],
  logs: [],
  marker: 'log prefix',
}

/** The messages of the kernel, as a log daemon writes them. */
export const nftablesSetup: readonly SetupStep[] = [
  { where: 'the rule of /etc/nftables.conf that drops', lines: ['log prefix "deny: " drop'] },
  readFiles('kernel', ['/var/log/kern.log']),
]
