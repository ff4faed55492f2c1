import type { StepContext, StepExecutor, StepKind } from '../contracts/step.ts'
import { type BlockServices, connectBlock } from './block/executor.ts'
import type { StepType } from './registry.ts'
import { RequestExecutor, type RequestServices } from './request/executor.ts'

export interface ShippedServices extends BlockServices, RequestServices {}

/** The other half of the registry: what carries out the steps of each shipped kind. */
export const connectShipped: {
  readonly [T in StepType]: (context: StepContext, services: ShippedServices) => StepExecutor
} = {
  block: connectBlock,
  request: (context, services) => new RequestExecutor(context, services),
}

/** A kind beside the shipped ones, for programs that embed the service. */
export interface AdditionalStep {
  readonly kind: StepKind
  readonly connect: (context: StepContext) => StepExecutor
}
