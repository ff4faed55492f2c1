/** What a side of the comparison prints when it has read everything. */
export interface Side {
  readonly documents: number
  readonly seconds: number
  readonly documentsPerSecond: number
  /** Of this process, user and system. */
  readonly cpuSeconds: number
  readonly rssMb: number
}

export function report(documents: number, began: number): void {
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage()
  const side: Side = {
    documents,
    seconds: round(seconds),
    documentsPerSecond: Math.round(documents / seconds),
    cpuSeconds: round((user + system) / 1e6),
    rssMb: Math.round(process.memoryUsage.rss() / 1024 / 1024),
  }
  process.stdout.write(`${JSON.stringify(side)}\n`)
}

export function round(value: number): number {
  return Math.round(value * 100) / 100
}
