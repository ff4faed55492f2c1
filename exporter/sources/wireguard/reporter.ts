import type { Reporter } from '../../../decoding/dialects/reporter.ts'
import { readTunnels } from '../../../decoding/dialects/setup.ts'

/** Where a timer writes the dump, without its private and preshared keys. */
const DUMP = '/run/wg.dump'

/** What the source reports in the coverage of the page and of `clawtrust doctor`. */
export const wireguardReporter: Reporter = {
  name: 'wireguard',
  signals: ['posture_drifts'],
  observer: 'tunnel',
  footprint: { program: 'wireguard', configurations: ['/etc/wireguard/*.conf'], logs: [], isAsked: true },
  documentation: {
    samples: { kind: 'captured', from: 'wireguard-go 0.0.20220316', test: 'test/stack/wireguard.test.ts' },
    setup: [
      {
        where: "root's crontab, with the group of the exporter in the place of clawtrust",
        lines: [
          `* * * * * umask 027; wg show all dump | awk -F'\\t' -v OFS='\\t' 'NF == 5 {$2 = "(hidden)"} NF == 9 {$3 = "(hidden)"} 1' > ${DUMP}.new && chgrp clawtrust ${DUMP}.new && mv ${DUMP}.new ${DUMP}`,
        ],
      },
      readTunnels('tunnels', DUMP),
    ],
  },
}
