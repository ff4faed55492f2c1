import { readFileSync } from 'node:fs'
import type { Catalogue } from '../../compliance/controls/catalogue.ts'
import { readCatalogue } from '../../compliance/controls/read.ts'
import { shippedFile, shippedFrameworks } from '../../compliance/controls/shipped.ts'
import { formatProblem } from '../../core/config/problem.ts'

/** The shipped frameworks. @throws Error if one of their files is wrong */
export function shippedCatalogue(): Catalogue {
  const files = shippedFrameworks.map(id => ({ name: `${id}.yml`, text: readFileSync(shippedFile(id), 'utf8') }))
  const result = readCatalogue(files)
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'))
  return result.catalogue
}
