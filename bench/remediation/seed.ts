import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLedger } from '../../remediation/store/ledger.ts'
import { ocsfRecord } from '../../remediation/store/ocsf.ts'

/** A folder whose ledger holds so many closed incidents, each with a delivery and a record. */
export async function seedLedger(rows: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'clawtrust-bench-'))
  const { incidents, seenAlerts, audit, write, close } = openLedger(folder)
  const at = Date.now()
  for (let done = 0; done < rows; done += 10_000) {
    await write(() => {
      for (let index = done; index < done + 10_000; index++) {
        const target = `8.18.${(index >> 8) & 255}.${index & 255}`
        const alert = {
          status: 'firing',
          fingerprint: String(index),
          startsAt: '',
          labels: { source_ip: target },
          annotations: {},
        } as const
        seenAlerts.isNew(String(index), at)
        const id = incidents.create('brute-force', `${target} ${index}`, alert, at)
        const incident = incidents.get(id)
        if (incident !== undefined) incidents.change(incident, { state: 'refused', at, closesAt: at - 1 })
        audit.append(sequence =>
          ocsfRecord(
            {
              time: at,
              version: 'bench',
              activity: 'other',
              disposition: 'no_action',
              status: 'success',
              subject: id,
              message: 'refused',
              evidence: { alert },
            },
            sequence,
          ),
        )
      }
    })
  }
  await close()
  return folder
}
