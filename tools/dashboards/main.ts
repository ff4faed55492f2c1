/** Renders the dashboards: `node tools/dashboards/main.ts`. */
import { writeFileSync } from 'node:fs'
import { renderedDashboards } from '../../dashboards/render.ts'

for (const [name, text] of Object.entries(renderedDashboards())) {
  const file = new URL(`../../dashboards/json/${name}`, import.meta.url)
  writeFileSync(file, text)
  console.log(`wrote ${file.pathname}`)
}
