import type { RequestResult } from './http-request.ts'
import type { Delivery } from './outbox.ts'

/** How deliveries reach a destination. */
export interface Sender {
  /**
   * Makes one attempt. Undefined where the row of the delivery cannot be read: another attempt would not change that. Never
   * rejects for what the receiver does.
   */
  send(delivery: Delivery): Promise<RequestResult | undefined>
}

/** By the name of the destination. */
export type Senders = ReadonlyMap<string, Sender>
