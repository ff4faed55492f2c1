import { expect, it } from '@jest/globals'
import { loggedProgress } from '../../exporter/backfill-progress.ts'

it('the log reports a backfill when it begins or continues, and then each tenth of it', () => {
  const lines: string[] = []
  const progress = loggedProgress({ info: (message, fields) => void lines.push(`${fields?.source}: ${message}`) })
  for (const share of [0.43, 0.44, 0.52, 0.54, 0.6, 0.65, 1]) progress('logs', share)
  progress('other', 0)
  expect(lines).toEqual([
    'logs: 43 % of the backfill is read.',
    'logs: 54 % of the backfill is read.',
    'logs: 65 % of the backfill is read.',
    'other: 0 % of the backfill is read.',
  ])
})
