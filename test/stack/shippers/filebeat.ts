import { fileURLToPath } from 'node:url'
import { describe, it } from '@jest/globals'
import { fetchedProgram } from '../../../tools/components/components.ts'
import { filebeat as component } from '../../../tools/components/filebeat.ts'
import type { Document, ShipperProgram, Shipping } from './shipper.ts'

/** The configuration that ships, unchanged. */
const configuration = fileURLToPath(new URL('../../../elastic/shippers/filebeat.yml', import.meta.url))

const program = fetchedProgram(component, 'filebeat')

export function describeWithFilebeat(title: string, body: () => void): void {
  if (program !== undefined) describe(title, body)
  else it.skip(`${title} [skipped: npm run fetch:components builds Filebeat]`, () => {})
}

/** Filebeat with an API key: what it knows of the logs is in the work folder. */
export function filebeat({ logs, work, url, index, caFile, apiKey = 'id:key' }: Shipping): ShipperProgram {
  return {
    command: program ?? 'filebeat',
    args: ['-e', '--strict.perms=false', '-c', configuration, '--path.home', work],
    env: {
      OPENCLAW_LOGS: logs,
      ELASTIC_URL: url,
      ELASTIC_INDEX: index,
      ELASTIC_CA: caFile,
      ELASTIC_API_KEY: apiKey,
    },
    complaint: /[Ff]ailed to (?:connect|publish)/g,
    recordOf,
  }
}

/** The fields of a line, as syslog-ng and rsyslog store them. */
function recordOf({ json, message }: Document): Document {
  const record = json as Document
  return 'error' in record ? { message, tags: 'unparsed' } : record
}
