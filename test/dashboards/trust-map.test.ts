import { expect, it } from '@jest/globals'
import { generated } from './generated.ts'

const trustMaps = generated.flatMap(({ uid, panels }) =>
  panels.filter(({ type }) => type === 'clawtrust-trustmap-panel').map(panel => ({ uid, ...panel })),
)
const refIdsOf = (mode: string) =>
  trustMaps
    .filter(({ options }) => options.mode === mode)
    .map(({ uid, targets }) => [uid, targets.map(({ refId }) => refId)])

it('brings the band and what speaks to the tooltip of every lane', () => {
  expect(refIdsOf('lanes')).toEqual([
    ['clawtrust-overview', ['A', 'observed', 'expected', 'lower', 'upper', 'contribution']],
  ])
})

it('brings the time before to flows, so that new pairs are marked', () => {
  expect(refIdsOf('flows')).toEqual([
    ['clawtrust-overview', ['A', 'earlier']],
    ['clawtrust-policy', ['A', 'earlier']],
  ])
})

it('leads on from every trust map with data source, job and time', () => {
  for (const { fieldConfig } of trustMaps) {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana puts in the variables.
    const kept = ['${__url_time_range}', '${datasource:queryparam}', '${job:queryparam}', '${gateway:queryparam}']
    for (const part of kept) expect(fieldConfig.defaults.links?.[0]?.url).toContain(part)
  }
})
