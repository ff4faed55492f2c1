/** Only binary units: `KB` means 1,000 bytes to some and 1,024 to others. */
const UNITS = [
  ['TiB', 1024 ** 4],
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
  ['B', 1],
] as const

/** Bytes of a size such as `512MiB`; undefined if the text is not a size. */
export function parseByteSize(text: string): number | undefined {
  const found = /^(\d+)([KMGT]iB|B)$/.exec(text)
  const size = UNITS.find(([unit]) => unit === found?.[2])?.[1]
  if (size === undefined) return undefined
  const bytes = Number(found?.[1]) * size
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** The size in the largest unit that divides it. */
export function formatByteSize(bytes: number): string {
  const [unit, size] = UNITS.find(([, size]) => bytes >= size && bytes % size === 0) ?? (['B', 1] as const)
  return `${bytes / size}${unit}`
}
