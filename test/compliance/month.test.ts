import { beforeAll, describe, expect, it } from '@jest/globals'
import { loadCatalogue } from '../../cli/load-catalogue.ts'
import { createDemoStores, demoExceptions, demoExpected } from '../../compliance/demo/stores.ts'
import { DEMO_ORGANISATION, DEMO_TIME_ZONE } from '../../compliance/demo/story.ts'
import { makeReport } from '../../compliance/engine.ts'
import type { DocumentStore, Stores } from '../../compliance/evidence/stores.ts'
import type { Report } from '../../compliance/model/report.ts'
import { renderers } from '../../compliance/render/registry.ts'
import { renderForms } from '../../compliance/render/render-forms.ts'
import { periodNamed } from '../../compliance/schedule/periods.ts'
import { DAY_MS } from '../../core/clock.ts'
import { Fault } from '../../core/errors.ts'
import { type ControlStatus, controlStatuses } from '../../core/labels/compliance.ts'
import { type ExpectedControl, expectedMonth } from './expected-month.ts'
import { type Element, readMarkup } from './markup.ts'

/** Statuses by framework and control: `AC-7` of one framework may be in another one too. */
type Statuses = Readonly<Record<string, string>>

const keyOf = (framework: string, control: string) => `${framework}/${control}`

function expectedStatuses(of: Exclude<keyof ExpectedControl, 'control' | 'cause'>): Statuses {
  return Object.fromEntries(
    Object.entries(expectedMonth).flatMap(([framework, controls]) =>
      controls.map(one => [keyOf(framework, one.control), one[of]]),
    ),
  )
}

async function october(change: (stores: Stores) => Stores): Promise<Report> {
  const period = periodNamed('2026-10', DEMO_TIME_ZONE)
  if (period === undefined) throw new TypeError('2026-10 is a month')
  return makeReport({
    title: 'Zero-trust report',
    organisation: DEMO_ORGANISATION,
    synthetic: true,
    version: '0.0.0',
    catalogue: await loadCatalogue([], '/'),
    exceptions: [...demoExceptions],
    longestException: 366 * DAY_MS,
    period,
    generatedAt: period.end,
    stores: change(createDemoStores()(period.end)),
    expected: demoExpected(period.end),
    previous: null,
    signal: new AbortController().signal,
  })
}

type Format = 'html' | 'json' | 'csv' | 'oscal' | 'ocsf'

async function formsOf(report: Report): Promise<Readonly<Record<Format, string>>> {
  const forms = await renderForms(report, renderers)
  const texts = renderers.map(({ format, file }) => {
    return [format, Buffer.from(forms.find(({ name }) => name === file)?.bytes ?? []).toString('utf8')]
  })
  return Object.fromEntries(texts)
}

/** The status of every control as a reader of each form finds it. */
const statusesIn: Readonly<Record<Format, (form: string) => Statuses>> = {
  json: form => {
    const { controls } = JSON.parse(form) as Report
    return Object.fromEntries(controls.map(({ framework, control, status }) => [keyOf(framework, control), status]))
  },

  csv: form => {
    const [head = [], ...rows] = form
      .split('\r\n')
      .filter(line => line !== '')
      .map(line => line.slice(1, -1).split('","'))
    const column = (name: string) => head.indexOf(name)
    return Object.fromEntries(
      rows.map(row => [
        keyOf(row[column('framework')] ?? '', row[column('control')] ?? ''),
        row[column('status')] ?? '',
      ]),
    )
  },

  // 99 is "other", whose word is in `status`.
  ocsf: form =>
    Object.fromEntries(
      form
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line))
        .map(({ compliance, unmapped }) => {
          const words: Readonly<Record<number, string>> = { 0: 'unknown', 1: 'pass', 3: 'fail' }
          const { status_id, status, control } = compliance
          return [keyOf(unmapped.framework, control), words[status_id] ?? status.toLowerCase()]
        }),
    ),

  // A finding where something was found; an observation with the method UNKNOWN where nothing could be.
  oscal: form => {
    const [result] = JSON.parse(form)['assessment-results'].results
    const statuses: Record<string, string> = {}
    const named = (name: string, props: readonly { name: string; value: string }[] = []) =>
      props.find(prop => prop.name === name)?.value ?? ''
    for (const { props, target } of result.findings) {
      const { state, reason } = target.status
      const found = state === 'satisfied' ? 'pass' : reason === 'fail' ? 'fail' : 'exception'
      const key = keyOf(named('framework', props), named('control', props))
      expect([key, statuses[key] ?? found]).toEqual([key, found])
      statuses[key] = found
    }
    for (const { props, methods, types } of result.observations) {
      if (!types.includes('control-objective') || named('test', props) !== '') continue
      const key = keyOf(named('framework', props), named('control', props))
      expect([key, methods, statuses[key]]).toEqual([key, ['UNKNOWN'], undefined])
      statuses[key] = named('coverage-gap', props) === '' ? 'manual' : 'unknown'
    }
    return statuses
  },

  // The badge of each article, which a person sees, and its place in the section of a framework.
  html: form => {
    const sections = elements(readMarkup(form), ({ attributes }) => attributes.class === 'framework')
    const frameworks = Object.keys(expectedMonth)
    return Object.fromEntries(
      sections.flatMap((section, at) =>
        elements(section, ({ name }) => name === 'article').map(article => {
          const [head] = elements(article, ({ name }) => name === 'h4')
          const of = (wanted: RegExp) => textOf(elements(head, one => wanted.test(one.attributes.class ?? ''))[0])
          return [keyOf(frameworks[at] ?? '', of(/^number-of$/).trim()), of(/^badge /).toLowerCase()]
        }),
      ),
    )
  },
}

function elements(root: Element | undefined, isWanted: (element: Element) => boolean): Element[] {
  return (root?.children ?? []).flatMap(child =>
    typeof child === 'string' ? [] : [...(isWanted(child) ? [child] : []), ...elements(child, isWanted)],
  )
}

const textOf = (element: Element | undefined): string =>
  (element?.children ?? []).map(child => (typeof child === 'string' ? child : textOf(child))).join('')

const pageOneOf = (html: string): string => {
  const [page] = elements(readMarkup(html), ({ attributes }) => attributes.id === 'summary')
  return textOf(page)
}

const countsOf = (statuses: Statuses): Readonly<Record<ControlStatus, number>> =>
  Object.fromEntries(
    controlStatuses.map(status => [status, Object.values(statuses).filter(one => one === status).length]),
  ) as Record<ControlStatus, number>

const failing = (): never => {
  throw new Fault('Elasticsearch did not answer in time')
}
const brokenElasticsearch: DocumentStore = {
  address: 'http://elasticsearch.example:9200',
  search: async () => failing(),
  unmapped: async () => failing(),
}

const formats: readonly Format[] = ['html', 'json', 'csv', 'oscal', 'ocsf']

describe('the month of October, in which seven failures and two gaps were planted', () => {
  let forms: Readonly<Record<Format, string>>
  beforeAll(async () => {
    forms = await formsOf(await october(stores => stores))
  }, 60_000)

  it.each(formats)('has the expected status of each of the 108 controls in %s', format => {
    const expected = expectedStatuses('all')
    expect(Object.keys(expected)).toHaveLength(108)
    expect(statusesIn[format](forms[format])).toEqual(expected)
  })

  it('has a planted cause for everything that is neither pass nor manual, and for nothing else', () => {
    for (const { control, all, cause } of Object.values(expectedMonth).flat()) {
      expect([control, cause !== '']).toEqual([control, all !== 'pass' && all !== 'manual'])
    }
    expect(countsOf(expectedStatuses('all'))).toEqual({ pass: 54, fail: 15, unknown: 11, manual: 27, exception: 1 })
  })
})

describe('the same month with Elasticsearch out of order', () => {
  let forms: Readonly<Record<Format, string>>
  beforeAll(async () => {
    forms = await formsOf(await october(stores => ({ ...stores, elasticsearch: brokenElasticsearch })))
  }, 60_000)

  it.each(formats)('has exactly the controls unknown that rest on what its indices observe, in %s', format => {
    expect(statusesIn[format](forms[format])).toEqual(expectedStatuses('withoutDocuments'))
  })

  it('says so on page one: the store, the indices, and how many controls are unknown', () => {
    const page = pageOneOf(forms.html)
    expect(page).toMatch(/not reached\s*elasticsearch: Elasticsearch did not answer in time/)
    expect(page).toContain('Elasticsearch could not be asked')
    const { unknown } = countsOf(expectedStatuses('withoutDocuments'))
    expect(page).toContain(`${unknown} controls are unknown, which is never a pass`)
  })
})

describe('the same month by the state of the exporter and the ledger alone', () => {
  let forms: Readonly<Record<Format, string>>
  beforeAll(async () => {
    forms = await formsOf(
      await october(({ state, ledger }) => ({
        ...(state === undefined ? {} : { state }),
        ...(ledger === undefined ? {} : { ledger }),
      })),
    )
  }, 60_000)

  it.each(formats)('passes nothing, and fails what they hold themselves, in %s', format => {
    expect(statusesIn[format](forms[format])).toEqual(expectedStatuses('stateAndLedger'))
  })

  it('says on page one which stores are not configured, and how many controls are unknown', () => {
    const page = pageOneOf(forms.html)
    expect(page).toMatch(/not configured\s*elasticsearch, prometheus/)
    const { unknown } = countsOf(expectedStatuses('stateAndLedger'))
    expect(page).toContain(`${unknown} controls are unknown, which is never a pass`)
  })
})
