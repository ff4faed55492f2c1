import type { Reporter } from '../../../decoding/dialects/reporter.ts'
import { watchCertificates } from '../../../decoding/dialects/setup.ts'

/** What the source reports in the coverage of the page and of `clawtrust doctor`. */
export const certificatesReporter: Reporter = {
  name: 'certificates',
  signals: ['posture_drifts'],
  observer: 'certificate',
  documentation: {
    samples: {
      kind: 'captured',
      from: 'certificates made by openssl, and a TLS server of Node.js',
      test: 'test/exporter/sources/certificates/look.test.ts',
    },
    setup: [watchCertificates('certificates', ['/etc/nginx/tls/server.crt'], ['openclaw.example:443'])],
  },
}
