import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Catalogue } from '../compliance/controls/catalogue.ts'
import { type CatalogueFile, readCatalogue } from '../compliance/controls/read.ts'
import { shippedFile, shippedFrameworks } from '../compliance/controls/shipped.ts'
import { formatProblem } from '../core/config/problem.ts'
import { ClawtrustError } from '../core/errors.ts'
import { fileTrouble, readRegularFile } from '../service/files/regular-file.ts'

/**
 * The shipped frameworks, with those of a user's files after them in this order.
 *
 * @param files paths, relative to the folder
 * @throws ClawtrustError CONFIG_* with one line for each problem; there is no catalogue of some of the files
 */
export async function loadCatalogue(files: readonly string[], folder: string): Promise<Catalogue> {
  const shipped = shippedFrameworks.map(async (id): Promise<CatalogueFile> => {
    return { name: `${id}.yml`, text: await readRegularFile(fileURLToPath(shippedFile(id))) }
  })
  const given = files.map(name => givenFile(name, folder))
  const result = readCatalogue(await Promise.all([...shipped, ...given]))
  if (result.ok) return result.catalogue
  const [{ code } = { code: 'CONFIG_INVALID' as const }] = result.problems
  throw new ClawtrustError(code, result.problems.map(formatProblem).join('\n'))
}

async function givenFile(name: string, folder: string): Promise<CatalogueFile> {
  const text = await readRegularFile(resolve(folder, name)).catch(cause => {
    throw new ClawtrustError('CONFIG_UNREADABLE', `${name}: ${fileTrouble(cause)}`, { cause })
  })
  return { name, text }
}
