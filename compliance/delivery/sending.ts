import { failureReason } from '../../core/errors.ts'
import { isObject, parseJson } from '../../core/json.ts'
import type { RequestResult } from '../../service/delivery/http-request.ts'
import type { Delivery } from '../../service/delivery/outbox.ts'
import type { Sender } from '../../service/delivery/sender.ts'
import type { Parcel, ReadParcel } from './parcel.ts'

/** What the row of a delivery holds: the folder of the report. The report itself is read when it is sent. */
export interface DeliveryBody {
  readonly folder: string
}

/** What became of an attempt; a receiver that refuses it for good has `retryable` false. */
export type SendParcel = (parcel: Parcel, delivery: Delivery) => Promise<RequestResult>

/** A sender of reports: reads the report, in full or redacted, and sends it. What goes wrong is tried again. */
export function parcelSender(read: ReadParcel, isRedacted: boolean, send: SendParcel): Sender {
  return {
    async send(delivery) {
      const body = parseJson(delivery.body)
      if (!isObject(body) || typeof body.folder !== 'string') return undefined
      try {
        return await send(await read(body.folder, isRedacted), delivery)
      } catch (error) {
        return { ok: false, retryable: true, detail: failureReason(error) }
      }
    },
  }
}
