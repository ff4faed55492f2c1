/** A Markdown table; cells may contain any text. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')
}

export const code = (text: string): string => (text === '' ? '' : `\`${text}\``)

/** A page with a header that says how it is generated. */
export function page(title: string, ...blocks: readonly string[]): string {
  const made = '<!-- Made by `npm run generate`; edit the source that it names, not this page. -->'
  return `${[`# ${title}`, made, ...blocks].join('\n\n')}\n`
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
