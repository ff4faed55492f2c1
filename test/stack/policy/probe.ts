/** A connection that is tried, with the text that arrives if it is let through. */
export interface Probe {
  readonly text: string
  readonly source: string
  readonly destination: string
  readonly port: number
  readonly transport: 'tcp' | 'udp'
}
