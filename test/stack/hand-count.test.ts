import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { fileLogByHand } from '../fixtures/openclaw/hand-count.ts'
import { describeWithCapture } from '../requirements.ts'
import { Exposed } from './elasticsearch/exposed.ts'
import { eventually } from './servers/eventually.ts'
import { type RunningExporter, startExporter } from './servers/exporter.ts'

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
      const exposed = async () => signals(await exporter.text('/metrics'))
      // What is read is published with the next commit, and the log may be read in the middle of one.
      const isPublished = async () => isDeepStrictEqual(await exposed(), fileLogByHand) || undefined
      await eventually('the counts are published', isPublished, { by: exporter.process }).catch(() => undefined)
      expect(await exposed()).toEqual(fileLogByHand)
    }, 60_000)
  },
)
