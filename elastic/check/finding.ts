/** One result of a check. */
export interface Finding {
  /** `problem`: events are lost or not read. `note`: information. */
  readonly kind: 'ok' | 'note' | 'problem'
  /** What was found, what it means, and for a problem what to do. */
  readonly sentence: string
}

export const ok = (sentence: string): Finding => ({ kind: 'ok', sentence })
export const note = (sentence: string): Finding => ({ kind: 'note', sentence })
export const problem = (sentence: string): Finding => ({ kind: 'problem', sentence })
