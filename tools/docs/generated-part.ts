/** A part of a page that is generated, between two comments. */
export interface GeneratedPart {
  /** The name of the part in its comments. */
  readonly name: string
  /** The file that it is made from. */
  readonly from: string
  readonly text: string
}

/**
 * The page with this content of the part.
 *
 * @param path of the page, for the message
 * @throws Error if the page has no place for the part
 */
export function withPart(path: string, page: string, { name, from, text }: GeneratedPart): string {
  const [begin, end] = [`<!-- ${name}: made by \`npm run generate\` from ${from} -->`, `<!-- /${name} -->`]
  const start = page.indexOf(begin)
  const stop = page.indexOf(end, start)
  if (start === -1 || stop === -1) throw new Error(`${path} has no ${begin} … ${end}`)
  return `${page.slice(0, start)}${begin}\n\n${text}\n\n${page.slice(stop)}`
}
