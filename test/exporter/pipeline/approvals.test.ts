import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MINUTE_MS, SECOND_MS } from '../../../core/clock.ts'
import type { ApprovalStep, SecurityEvent } from '../../../core/event.ts'
import type { ApprovalDecision } from '../../../core/labels/policy.ts'
import { OPEN_MS } from '../../../exporter/pipeline/approval-steps.ts'
import { Approvals } from '../../../exporter/pipeline/approvals.ts'
import { Evictions } from '../../../exporter/pipeline/evictions.ts'
import { createSeriesStore } from '../../../service/series/store.ts'
import { NOON, total } from './fixtures.ts'

const GRANTS = 'clawtrust_approval_grants_total'
const SELF = 'clawtrust_self_approvals_total'
const EVICTED = 'clawtrust_memory_evicted_total'
const OLDEST = /^clawtrust_approval_oldest_timestamp_seconds\{(.*)\} (\d+)/gm

function event(
  kind: ApprovalStep['kind'],
  decision: ApprovalDecision,
  after: number,
  parts: Partial<ApprovalStep & { gateway: string; id: string }> = {},
): SecurityEvent {
  const { gateway = 'gw', id = `${kind} ${after}`, request, by } = parts
  return {
    signal: 'approvals',
    labels: { decision },
    outcome: 'unknown',
    severity: 'low',
    eventTime: NOON + after,
    count: 1,
    gateway,
    trustZone: 'agent-control',
    actor: { addressTrusted: false },
    record: { source: 'log', id },
    approval: { kind, ...(request !== undefined && { request }), ...(by !== undefined && { by }) },
  }
}

const asked = (after: number, parts?: Parameters<typeof event>[3]) => event('request', 'asked', after, parts)
const granted = (after: number, parts?: Parameters<typeof event>[3]) => event('answer', 'granted', after, parts)
const denied = (after: number, parts?: Parameters<typeof event>[3]) => event('answer', 'denied', after, parts)

/** Approvals whose sources have delivered everything up to `watermark`. */
function begin(capacity?: number) {
  const store = createSeriesStore()
  const approvals = new Approvals(store, new Evictions(store), capacity)
  const progress = { watermark: Number.NEGATIVE_INFINITY }
  return {
    approvals,
    store,
    observe: (...events: readonly SecurityEvent[]) => {
      for (const one of events) approvals.observe(one, () => progress.watermark)
    },
    settle: (after: number) => {
      progress.watermark = NOON + after
      approvals.settle({ contributingSourcesOf: () => new Set(), watermarkOf: () => progress.watermark })
    },
    within: (delay: string) => total(store, GRANTS, delay),
    oldest: async () => {
      let text = ''
      for await (const slice of store.render()) text += slice
      return [...text.matchAll(OLDEST)].map(([, labels, value]) => [labels, Number(value) * 1000 - NOON])
    },
  }
}

describe('requests for approvals', () => {
  it('are open from the time at which they were asked until they are answered', async () => {
    const { observe, settle, oldest } = begin()
    observe(asked(0, { request: 'a' }), asked(10 * SECOND_MS, { request: 'b' }))
    expect(await oldest()).toEqual([])
    settle(MINUTE_MS)
    const labels = 'gateway="gw",trust_zone="agent-control"'
    expect(await oldest()).toEqual([[labels, 0]])
    observe(denied(2 * MINUTE_MS, { request: 'a' }))
    settle(3 * MINUTE_MS)
    expect(await oldest()).toEqual([[labels, 10 * SECOND_MS]])
    observe(granted(4 * MINUTE_MS, { request: 'b' }))
    settle(5 * MINUTE_MS)
    expect(await oldest()).toEqual([])
  })

  it('that nobody answers are open for 35 minutes of the watermark, however late it is', async () => {
    const { observe, settle, oldest, approvals } = begin()
    observe(asked(0, { request: 'a' }))
    settle(OPEN_MS)
    expect(await oldest()).toHaveLength(1)
    settle(OPEN_MS + 1)
    expect(await oldest()).toEqual([])
    expect(approvals.changes()).toEqual([{ name: 'gw', value: null }])
  })

  it('of gateways that answer at the same time are not confused', async () => {
    const { observe, settle, oldest, within } = begin()
    observe(asked(0, { gateway: 'a' }), asked(0, { gateway: 'b' }), granted(1_000, { gateway: 'a' }))
    settle(MINUTE_MS)
    expect(await oldest()).toEqual([['gateway="b",trust_zone="agent-control"', 0]])
    expect(within('5s')).toBe(1)
  })

  it('without a key are answered in the order in which they were asked', async () => {
    const { observe, settle, oldest, within } = begin()
    observe(asked(0), asked(MINUTE_MS), granted(61 * SECOND_MS))
    settle(2 * MINUTE_MS)
    expect(await oldest()).toEqual([['gateway="gw",trust_zone="agent-control"', MINUTE_MS]])
    expect([within('5s'), within('10m')]).toEqual([0, 1])
  })

  it('that arrive after their minute was matched are never open, and their grants have no known delay', async () => {
    const { observe, settle, oldest, within } = begin()
    settle(5 * MINUTE_MS)
    observe(asked(0, { request: 'a' }))
    settle(6 * MINUTE_MS)
    expect(await oldest()).toEqual([])
    observe(granted(1_000, { request: 'a' }))
    settle(7 * MINUTE_MS)
    expect(within('unknown')).toBe(1)
  })
})

describe('grants by a person', () => {
  it.each([
    [0, '5s'],
    [5 * SECOND_MS, '5s'],
    [5 * SECOND_MS + 1, '1m'],
    [MINUTE_MS, '1m'],
    [10 * MINUTE_MS, '10m'],
    [10 * MINUTE_MS + 1, 'longer'],
  ])('after %d ms count as within %s', (delay, expected) => {
    const { observe, settle, store, within } = begin()
    observe(asked(0, { request: 'a' }), granted(delay, { request: 'a' }))
    settle(30 * MINUTE_MS)
    expect([within(expected), total(store, GRANTS)]).toEqual([1, 1])
  })

  it('count alone: denials and grants by a program have no delay', () => {
    const { observe, settle, store } = begin()
    observe(asked(0, { request: 'a' }), denied(1, { request: 'a' }), asked(0, { request: 'b' }))
    observe(event('answer', 'automatic', 2, { request: 'b' }), event('answer', 'expired', 3, { request: 'c' }))
    settle(MINUTE_MS)
    expect(total(store, GRANTS)).toBe(0)
  })

  it('by the one that asked are self-approvals, where both are known', () => {
    const { observe, settle, store } = begin()
    observe(asked(0, { request: 'a', by: 'x' }), granted(1, { request: 'a', by: 'x' }))
    observe(asked(0, { request: 'b', by: 'x' }), granted(1, { request: 'b', by: 'y' }))
    observe(asked(0, { request: 'c' }), granted(1, { request: 'c' }))
    observe(asked(0, { request: 'd', by: 'x' }), denied(1, { request: 'd', by: 'x' }))
    settle(MINUTE_MS)
    expect(total(store, SELF, 'exec')).toBe(1)
  })
})

describe('the steps of approvals', () => {
  const step = fc.record({
    isRequest: fc.boolean(),
    request: fc.constantFrom(undefined, 'a', 'b'),
    after: fc.integer({ min: 0, max: 8 }).map(minutes => minutes * 30 * SECOND_MS),
    gateway: fc.constantFrom('one', 'two'),
    order: fc.nat(),
  })

  /** What is exposed after all steps were read in batches, settled and restarted in between. */
  async function outcome(events: readonly SecurityEvent[], restarts: ReadonlySet<number>) {
    const run = { part: begin(), grants: new Map<string, number>() }
    const saved = new Map<string, never>()
    const note = () => {
      for (const { metric, labels, value } of run.part.store.changes()) {
        if (metric === GRANTS) run.grants.set(labels.join(), (run.grants.get(labels.join()) ?? 0) + value)
      }
    }
    for (const [number, one] of events.entries()) {
      if (restarts.has(number)) {
        for (const { name, value } of run.part.approvals.changes()) {
          if (value === null) saved.delete(name)
          else saved.set(name, JSON.parse(JSON.stringify(value)) as never)
        }
        note()
        run.part = begin()
        run.part.approvals.restore([...saved].map(([name, value]) => ({ name, value })))
      }
      run.part.observe(one)
    }
    run.part.settle(20 * MINUTE_MS)
    note()
    return { grants: [...run.grants].sort(), oldest: (await run.part.oldest()).sort() }
  }

  it('give the same in any order of reading and with restarts at any point', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 24 }), fc.uniqueArray(fc.nat(23)), async (steps, restarts) => {
        const events = steps.map(({ isRequest, request, after, gateway }, number) => {
          const parts = { gateway, id: `${number}`, ...(request !== undefined && { request }) }
          return isRequest ? asked(after, parts) : granted(after, parts)
        })
        const shuffled = events
          .map((one, number) => [steps[number]?.order ?? 0, one] as const)
          .sort(([a], [b]) => a - b)
          .map(([, one]) => one)
        expect(await outcome(shuffled, new Set(restarts))).toEqual(await outcome(events, new Set()))
      }),
    )
  })

  it('are given up by the gateway with most of them where there are too many, and that is counted', async () => {
    const { observe, settle, oldest, store, approvals } = begin(40)
    observe(asked(0, { gateway: 'quiet', request: 'a' }))
    for (let number = 0; number < 100; number++) observe(asked(number, { request: `${number}` }))
    settle(MINUTE_MS)
    expect(await oldest()).toContainEqual(['gateway="quiet",trust_zone="agent-control"', 0])
    const kept = approvals.changes().flatMap(({ value }) => (value as [unknown[], unknown[]])[1]).length
    expect(kept).toBeLessThanOrEqual(40)
    expect(total(store, EVICTED, 'approvals')).toBe(101 - kept)
  })
})
