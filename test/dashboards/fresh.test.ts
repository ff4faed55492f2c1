import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { renderedDashboards } from '../../dashboards/render.ts'

const folder = new URL('../../dashboards/json/', import.meta.url)
const rendered = renderedDashboards()

it.each(Object.entries(rendered))('%s is fresh, else `node tools/dashboards/main.ts` makes it so', (name, text) => {
  expect(readFileSync(new URL(name, folder), 'utf8')).toBe(text)
})

it('checks in no other dashboard', () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(rendered).sort())
})
