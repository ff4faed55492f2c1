import { writeFileSync } from 'node:fs'

/** A table with a head, columns padded to their widest cell. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map(row => (row[column] ?? '').length)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] as number)).join(' | ')} |`
  return [line(head), line(widths.map(width => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

/** Writes a result where the user asked for it, and says so. */
export function writeResult(path: string, result: unknown): void {
  writeFileSync(path, `${JSON.stringify(result, undefined, 2)}\n`)
  console.log(`written: ${path}`)
}
