/** A network that must stay reachable, and why: what a refusal names. */
export interface ProtectedNetwork {
  readonly network: string
  readonly reason: string
}

/** A name or an address whose addresses are protected, looked up again and again. */
export interface ProtectedHost {
  readonly host: string
  readonly reason: string
}
