import type { Loss, LostPart } from '../contract/target.ts'

/** What enforces a condition where packets are filtered without it. */
export const enforcedInstead = {
  'device-posture': 'a proxy that asks for the certificate of the device, or the pairing of devices in OpenClaw',
  time: 'the service itself, or an authorization policy of its proxy',
  weekday: 'the service itself, or an authorization policy of its proxy',
  network: 'a firewall in front of these workloads',
  authentication: 'mutual TLS in the service or its mesh',
} as const

/** Losses of a compilation: each part of a rule once for each direction. */
export class Losses {
  readonly #found = new Map<string, Loss>()

  wider(rule: string, part: LostPart, message: string): void {
    this.#add({ rule, part, direction: 'wider', message })
  }

  narrower(rule: string, part: LostPart, message: string): void {
    this.#add({ rule, part, direction: 'narrower', message })
  }

  #add(loss: Loss): void {
    const key = `${loss.rule}\n${loss.part}\n${loss.direction}`
    if (!this.#found.has(key)) this.#found.set(key, loss)
  }

  get all(): readonly Loss[] {
    return [...this.#found.values()]
  }
}
