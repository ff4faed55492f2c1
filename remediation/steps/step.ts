/** What an action did, for the ledger. */
export interface ActionResult {
  readonly ok: boolean
  /** One sentence: what was done, or why it was not. */
  readonly detail: string
}

/**
 * A thing that remediation can do. `plan` is pure and says exactly what would be done; `apply` does it, any number of
 * times with the same outcome; `verify` asks the world whether it holds; `revert` takes it back.
 */
export interface Action<Subject, Plan> {
  plan(subject: Subject): Plan
  apply(plan: Plan): Promise<ActionResult>
  verify(plan: Plan): Promise<ActionResult>
  revert(plan: Plan): Promise<ActionResult>
  /** For a person, before and after. */
  describe(plan: Plan): string
}
