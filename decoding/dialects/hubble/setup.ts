import { type Footprint, readFiles, type SetupStep } from '../setup.ts'

/** Where the pods of Cilium write them on a node. */
const FLOWS = '/var/run/cilium/hubble/events.log'

export const hubbleFootprint: Footprint = { program: 'cilium', configurations: [], logs: [FLOWS] }

export const hubbleSetup: readonly SetupStep[] = [
  {
    where: "the values of Cilium's Helm chart",
    lines: ['hubble:', '  export:', '    static:', '      enabled: true', `      filePath: ${FLOWS}`],
  },
  readFiles('hubble', [FLOWS]),
]
