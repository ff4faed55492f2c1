import { describe, expect, it } from '@jest/globals'
import { type Catalogue, withParameters } from '../../compliance/controls/catalogue.ts'
import { readCatalogue } from '../../compliance/controls/read.ts'
import { makeReport } from '../../compliance/engine.ts'
import type { MetricStore, Stores } from '../../compliance/evidence/stores.ts'
import { DAY_MS } from '../../core/clock.ts'
import { Fault } from '../../core/errors.ts'
import type { StateView } from '../../service/views/state-view.ts'
import { SMALL_FRAMEWORK } from './controls/framework-text.ts'
import { NOVEMBER } from './controls/judged.ts'

const fails = (words: string) => () => {
  throw new Fault(words)
}

const brokenState: StateView = {
  path: '/var/lib/clawtrust/state.db',
  extent: fails('the state is damaged'),
  minutes: fails('the state is damaged'),
  sources: fails('the state is damaged'),
  posture: fails('the state is damaged'),
  close() {},
}

/** Answers about the counter, and not about the sources. */
const half: MetricStore = {
  address: 'http://prometheus',
  instant: async () => [],
  range: async expression =>
    expression.includes('min_over_time(clawtrust_source_up') ? fails('it is overloaded')() : [],
}

describe('stores in a report', () => {
  const storesIn = async (stores: Stores) => {
    const report = await makeReport({
      title: 'T',
      organisation: '',
      synthetic: false,
      version: '0.0.0',
      catalogue: catalogue(),
      exceptions: [],
      longestException: 366 * DAY_MS,
      period: NOVEMBER,
      generatedAt: NOVEMBER.end + DAY_MS,
      stores,
      expected: { sources: [], indices: [] },
      previous: null,
      signal: new AbortController().signal,
    })
    return Object.fromEntries(report.stores.map(({ store, state, detail }) => [store, `${state} ${detail}`.trim()]))
  }

  it('say of the one that was asked that it cannot be read', async () => {
    expect(await storesIn({ state: brokenState })).toMatchObject({
      prometheus: 'absent',
      state: 'unreachable the state is damaged',
    })
  })

  it('say that the telemetry could not be asked for', async () => {
    expect(await storesIn({ prometheus: half })).toMatchObject({ prometheus: 'partial it is overloaded' })
  })
})

function catalogue(): Catalogue {
  const result = readCatalogue([{ name: 'f.yml', text: SMALL_FRAMEWORK }])
  if (!result.ok) throw new TypeError(JSON.stringify(result.problems))
  return withParameters(result.catalogue, {})
}
