import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { fileLogByHand } from '../fixtures/openclaw/hand-count.ts'
import { describeWithCapture } from '../requirements.ts'
import { Exposed } from './elasticsearch/exposed.ts'
import { eventually } from './servers/eventually.ts'
import { type RunningExporter, startExporter } from './servers/exporter.ts'

const rows = Object.keys(fileLogByHand).length

/** The exposed counters, named as the table names them. */
function signals(metrics: string): Record<string, number> {
  const exposed = new Exposed()
  exposed.look(metrics)
  return exposed.signals()
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
        async () => Object.keys(signals(await exporter.text('/metrics'))).length === rows || undefined,
        { by: exporter.process },
      )
      expect(signals(await exporter.text('/metrics'))).toEqual(fileLogByHand)
    }, 60_000)
  },
)
