import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { fileLogByHand } from '../fixtures/openclaw/hand-count.ts'
import { describeWithCapture } from '../requirements.ts'
import { eventually } from './servers/eventually.ts'
import { type RunningExporter, startExporter } from './servers/exporter.ts'

const SIGNAL =
  /^clawtrust_(auth_failures|auth_lockouts|auth_successes|posture_drifts|policy_decisions)_total\{(.*)\} (\d+)$/
const OWN_LABELS = ['mechanism', 'engine', 'policy', 'decision', 'kind', 'reason', 'severity']

const rows = Object.keys(fileLogByHand).length

/** The exposed counters, named as the table names them: signal, then its own labels. */
function exposed(metrics: string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const line of metrics.split('\n')) {
    const [, signal, labels = '', value] = SIGNAL.exec(line) ?? []
    if (signal === undefined) continue
    const own = Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, text]) => [name, text]))
    const name = [signal, ...OWN_LABELS.map(label => own[label])].filter(part => part !== undefined).join(' ')
    counts[name] = (counts[name] ?? 0) + Number(value)
  }
  return counts
}

describeWithCapture(
  'fixtures/openclaw/openclaw-2026.9.6-file-log.real.jsonl',
  'the exporter on the captured log of a real gateway',
  log => {
    let exporter: RunningExporter

    beforeAll(async () => {
      exporter = await startExporter([log])
    }, 60_000)

    afterAll(async () => {
      await exporter?.stop()
    })

    it('exposes exactly what was counted by hand', async () => {
      await eventually('everything is read', async () => exporter.text('/-/ready'), { by: exporter.process })
      await eventually(
        'the counts are published',
        async () => Object.keys(exposed(await exporter.text('/metrics'))).length === rows || undefined,
        { by: exporter.process },
      )
      expect(exposed(await exporter.text('/metrics'))).toEqual(fileLogByHand)
    }, 60_000)
  },
)
