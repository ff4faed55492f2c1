import { failureReason } from '../../core/errors.ts'
import { isObject, parseJson } from '../../core/json.ts'
import type { RequestResult } from '../../service/delivery/http-request.ts'
import type { Delivery } from '../../service/delivery/outbox.ts'
import { type Parcel, type ReadParcel, ReportChanged } from './parcel.ts'

/** What the row of a delivery holds: the folder of the report. The report itself is read when it is sent. */
export interface DeliveryBody {
  readonly folder: string
}

/** What became of an attempt; a receiver that refuses it for good has `retryable` false. */
export type SendParcel = (parcel: Parcel, delivery: Delivery, signal: AbortSignal) => Promise<RequestResult>

/** How reports reach a destination. */
export interface ReportSender {
  /**
   * Makes one attempt, which ends when it is aborted. Undefined where the row of the delivery cannot be read. Never rejects
   * for what the receiver does.
   */
  send(delivery: Delivery, signal: AbortSignal): Promise<RequestResult | undefined>
}

/** By the name of the destination. */
export type ReportSenders = ReadonlyMap<string, ReportSender>

/** A sender of reports: reads the report, in full or redacted, and sends it. What goes wrong is tried again. */
export function parcelSender(read: ReadParcel, isRedacted: boolean, send: SendParcel): ReportSender {
  return {
    async send(delivery, signal) {
      const body = parseJson(delivery.body)
      if (!isObject(body) || typeof body.folder !== 'string') return undefined
      try {
        const parcel = await read(body.folder, isRedacted, signal)
        if (parcel.report.id !== delivery.subject) throw new ReportChanged('its folder holds another report')
        return await send(parcel, delivery, signal)
      } catch (error) {
        const detail = signal.aborted ? 'the attempt took too long, or was stopped' : failureReason(error)
        return { ok: false, retryable: !(error instanceof ReportChanged), detail }
      }
    },
  }
}
