/** Transport protocols of flows, as ECS `network.transport` names them. */
export const transports = ['tcp', 'udp', 'sctp', 'icmp'] as const
export type Transport = (typeof transports)[number]

/**
 * One end of a flow, as the engine that decided on it knows it. Names of pods are not among it: whoever may create a pod
 * chooses them.
 */
export interface FlowEnd {
  /** As the packet has it. */
  readonly address?: string
  readonly namespace?: string
  readonly workloadLabels?: Readonly<Record<string, string>>
  readonly service?: string
  /** DNS names, in lower case, by which the engine knows that the address was looked up. */
  readonly names?: readonly string[]
  /**
   * The engine knows the workload, or knows that there is none: a namespace, service or label that is absent is none. Without
   * it, what is absent is unknown.
   */
  readonly isIdentified?: true
}

/** A flow from the end that began it to the one that it reaches for. */
export interface Flow {
  readonly source: FlowEnd
  readonly destination: FlowEnd
  /** Of the destination; absent where the record has none. */
  readonly port?: number
  readonly transport?: Transport
  /** Present where several records report the flow. */
  readonly report?: FlowReport
}

/** Which of the records of a flow it is: those of the same end and kind are of different flows. */
export interface FlowReport {
  /** The end at which it was decided. */
  readonly end: 'source' | 'destination'
  /** The verdict of a policy, the drop of a packet beside it, or a request within the flow. */
  readonly kind: 'verdict' | 'drop' | 'request'
}
