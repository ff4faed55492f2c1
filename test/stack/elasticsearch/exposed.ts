const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/

const SIGNAL =
  /^clawtrust_(auth_failures|auth_lockouts|auth_successes|posture_drifts|policy_decisions|approvals)_total\{(.*)\}$/
const OWN_LABELS = ['mechanism', 'engine', 'policy', 'decision', 'kind', 'reason', 'severity']

/** What an exporter exposes, seen again and again through its restarts: counters must never fall. */
export class Exposed {
  readonly falls: string[] = []
  readonly #values = new Map<string, number>()

  /** @param exposition in Prometheus's text format */
  look(exposition: string): void {
    for (const line of exposition.split('\n')) {
      const [, name, labels = '', written] = SAMPLE.exec(line) ?? []
      if (name === undefined) continue
      const key = `${name}{${labels}}`
      const value = Number(written)
      const before = this.#values.get(key)
      const isOurs = name.startsWith('clawtrust_') && name.endsWith('_total')
      if (isOurs && before !== undefined && value < before) this.falls.push(`${key}: ${before} to ${value}`)
      this.#values.set(key, value)
    }
  }

  /** Failed sign-ins by reason, of all gateways. */
  failures(): Map<string, number> {
    return this.by('clawtrust_auth_failures_total', 'reason')
  }

  gateways(): Map<string, number> {
    return this.by('clawtrust_auth_failures_total', 'gateway')
  }

  /** The sum of a metric's series whose labels hold this text. */
  value(metric: string, labels = ''): number | undefined {
    const found = [...this.#values].filter(([key]) => key.startsWith(`${metric}{`) && key.includes(labels))
    return found.length === 0 ? undefined : found.reduce((sum, [, value]) => sum + value, 0)
  }

  /** Counts of one gateway, or of all, by signal and its own labels, as test/fixtures/openclaw/hand-count.ts names them. */
  signals(gateway?: string): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const [key, value] of this.#values) {
      const [, signal, labels = ''] = SIGNAL.exec(key) ?? []
      if (signal === undefined) continue
      const own = new Map([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, text]) => [name, text]))
      if (gateway !== undefined && own.get('gateway') !== gateway) continue
      const name = [signal, ...OWN_LABELS.map(label => own.get(label))].filter(part => part !== undefined).join(' ')
      if (value > 0) counts[name] = (counts[name] ?? 0) + value
    }
    return counts
  }

  /** The counts above zero of a metric by one label. */
  by(metric: string, label: string): Map<string, number> {
    const counts = new Map<string, number>()
    for (const [key, value] of this.#values) {
      const name = key.startsWith(`${metric}{`) ? new RegExp(`[{,]${label}="([^"]*)"`).exec(key)?.[1] : undefined
      if (name !== undefined && value > 0) counts.set(name, (counts.get(name) ?? 0) + value)
    }
    return counts
  }
}
