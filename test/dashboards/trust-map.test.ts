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
    ['clawtrust-overview', ['A', 'observed', 'expected', 'lower', 'upper', 'contribution', 'part']],
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

it('marks changes, actions, deployments and alerts in the strip over the lanes', () => {
  const overview = generated.find(({ uid }) => uid === 'clawtrust-overview')
  expect(overview?.annotations.list.map(({ name }) => name)).toEqual([
    'Configuration and plugin changes',
    'Remediation actions',
    'Alerts',
    'Deployments',
  ])
})

it('takes deployments of every dashboard from what a pipeline posts to Grafana, by its tag', () => {
  for (const { annotations } of generated) {
    expect(annotations.list.find(({ name }) => name === 'Deployments')).toMatchObject({
      datasource: { type: 'grafana', uid: '-- Grafana --' },
      target: { type: 'tags', tags: ['deployment'] },
    })
  }
})
