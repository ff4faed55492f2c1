import { describe, expect, it } from '@jest/globals'
import { generated, panels } from './generated.ts'

/** Rules of Grafana's dashboard-linter, held for every type of panel. */
describe.each(generated.map(dashboard => [dashboard.uid, dashboard] as const))('%s', (uid, dashboard) => {
  const variables = dashboard.templating.list
  const queried = variables.filter(({ type }) => type === 'query')

  it('has a stable uid, the tag that links it, and is not edited by hand', () => {
    expect(uid).toMatch(/^clawtrust-[a-z-]+$/)
    expect(dashboard).not.toHaveProperty('id')
    expect(dashboard).toMatchObject({ editable: false, schemaVersion: 42, graphTooltip: 1, tags: ['clawtrust'] })
  })

  it('leads to the others with time and variables, by a link that is seen', () => {
    expect(dashboard.links).toMatchObject([
      { asDropdown: true, includeVars: true, keepTime: true, tags: ['clawtrust'] },
    ])
    expect(dashboard.links[0]).not.toHaveProperty('placement')
  })

  it('asks for one data source', () => {
    const sources = variables.filter(({ type }) => type === 'datasource')
    expect(sources).toMatchObject([{ name: 'datasource', label: 'Data source', query: 'prometheus' }])
    expect(sources[0]).not.toHaveProperty('multi')
  })

  it('offers the job, and every value of each variable, anew for each time', () => {
    expect(queried.map(({ name }) => name)).toContain('job')
    for (const variable of queried) {
      expect(variable).toMatchObject({
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana puts in the variable.
        datasource: { uid: '${datasource}' },
        multi: true,
        includeAll: true,
        allValue: '.+',
        refresh: 2,
      })
      expect(variable.label).toMatch(/^[A-Z]/)
    }
  })

  it('numbers its panels and lays them out without overlap', () => {
    expect(dashboard.panels.map(({ id }) => id)).toEqual(dashboard.panels.map((_, index) => index + 1))
    const taken = new Set<string>()
    for (const { gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken).not.toContain(`${x},${y}`)
          taken.add(`${x},${y}`)
        }
      }
    }
  })
})

it('gives every dashboard a uid of its own', () => {
  expect(new Set(generated.map(({ uid }) => uid)).size).toBe(8)
})

it.each(panels)('%s: "%s" has a description, a unit, targets, and the chosen data source', (_uid, _title, panel) => {
  expect(panel.title).toMatch(/^[A-Z]/)
  expect(panel.description).toMatch(/\.$/)
  expect(panel.fieldConfig.defaults.unit).toMatch(/^(none|short|cpm|s|bytes|percentunit)$/)
  expect(panel.targets.length).toBeGreaterThan(0)
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana puts in the variable.
  for (const { datasource } of [panel, ...panel.targets]) expect(datasource.uid).toBe('${datasource}')
  expect(panel.type).not.toMatch(/^(graph|singlestat|table-old)$/)
})

/** What a data link or an annotation takes from the clicked series or row. */
const TAKEN = /\$\{__(?:field|data|series|value)\b[^}]*\}/g

it.each(panels)('%s: "%s" percent-encodes the label values in its links', (_uid, _title, panel) => {
  const urls = JSON.stringify(panel).match(/"url":"(?:[^"\\]|\\.)*"/g) ?? []
  for (const url of urls) {
    for (const [taken] of url.matchAll(TAKEN)) expect(taken).toMatch(/:percentencode\}$/)
  }
})

it('looks at links that take label values', () => {
  expect(JSON.stringify(generated).match(TAKEN)?.length).toBeGreaterThanOrEqual(9)
})
