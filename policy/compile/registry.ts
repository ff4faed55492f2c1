import { calico } from './calico/target.ts'
import { cilium } from './cilium/target.ts'
import type { Target } from './contract/target.ts'
import { kubernetes } from './kubernetes/target.ts'
import { nftables } from './nftables/target.ts'

/** Every target, in the order of documentation. */
export const targets: readonly Target[] = [cilium, calico, kubernetes, nftables]
