import { type Html, html } from '../../../../service/page/html.ts'
import { table } from '../../../../service/page/table.ts'
import { counted } from '../../../../service/page/words.ts'
import type { ControlResult, Report, ReportFramework } from '../../../model/report.ts'
import { countsInWords } from '../charts/stacked-bar.ts'
import { detail, first } from '../elements/limits.ts'
import type { References } from '../elements/references.ts'
import { remainder } from '../elements/remainder.ts'
import { badge } from '../elements/status.ts'
import { code, cut, sentence, text } from '../elements/text.ts'
import { pillarTitles } from '../page-one/pillars.ts'
import { countsOf } from '../page-one/tiles.ts'
import { testTable } from './tests.ts'

/** Each framework: a table of its controls, then each control with its tests. */
export function controlSection(report: Report, references: References): Html {
  const { shown, rest } = first(report.controls, detail.controls)
  const named = new Set(report.frameworks.map(({ id }) => id))
  const groups: { framework: Pick<ReportFramework, 'title' | 'version'>; controls: ControlResult[] }[] = [
    ...report.frameworks.map(framework => ({
      framework,
      controls: shown.filter(control => control.framework === framework.id),
    })),
    {
      framework: { title: 'Controls of other frameworks', version: '' },
      controls: shown.filter(control => !named.has(control.framework)),
    },
  ].filter(({ controls }) => controls.length > 0)
  return html`<section class="part" id="controls" aria-labelledby="controls-head">
<h2 id="controls-head">3. Controls by framework</h2>
${groups.length === 0 ? html`<p>The report contains no control.</p>` : undefined}${groups.map(
  ({ framework, controls }) => html`<section class="framework">
<h3>${text(framework.title, detail.title)}${framework.version === '' ? undefined : html` <span class="note">${cut(framework.version, 40)}</span>`}</h3>
<p>${counted(controls.length, 'control')}: ${countsInWords(countsOf(controls))}.</p>
${overview(controls, references)}
${controls.map(control => controlArticle(control, references))}
</section>
`,
)}${remainder(rest, 'controls')}</section>`
}

function overview(controls: readonly ControlResult[], references: References): Html {
  return html`<div class="control-table">${table(
    controls,
    [
      { head: 'Control', rowHead: true, cell: ({ id }) => references.control(id) },
      { head: 'Title', cell: ({ title }) => text(title, 90) },
      { head: 'Pillar', cell: ({ pillar }) => pillarTitles[pillar] },
      { head: 'Tests', align: 'number', cell: ({ tests }) => testsInWords(tests) },
      { head: 'Status', cell: ({ status }) => badge(status) },
      { head: 'Since', cell: ({ since }) => cut(since, 12) || '—' },
    ],
    { caption: 'Controls of the framework', stacked: false },
  )}</div>`
}

/** `2 of 3 passed`. */
const testsInWords = (tests: ControlResult['tests']): string =>
  tests.length === 0 ? 'none' : `${tests.filter(({ outcome }) => outcome === 'pass').length} of ${tests.length} passed`

function controlArticle(control: ControlResult, references: References): Html {
  const { id, status, reason, since, tests, cannotProve, manual, remedy, objectives, pillar } = control
  const shownTests = first(tests, detail.tests)
  const limits = first(cannotProve, detail.cannotProve)
  return html`<article class="control ${status}" id="${references.controlPlace(id)}" aria-labelledby="${references.controlPlace(id)}-head">
<h4 id="${references.controlPlace(id)}-head">${badge(status)} <span class="number-of">${text(control.control, 40)}</span> ${text(control.title, detail.title)}</h4>
<p class="reason">${text(sentence(reason), detail.sentence)} <span class="note">Pillar: ${pillarTitles[pillar]}.${since === '' ? '' : ` ${statusSince(since)}`}</span></p>
${shownTests.shown.length === 0 ? undefined : testTable(control, shownTests.shown, references)}${remainder(shownTests.rest, 'tests')}
<dl class="notes">${[
    note('What to do', remedy),
    note('A person looks at', manual),
    limits.shown.length === 0
      ? undefined
      : html`<div><dt>Cannot prove</dt><dd>${limits.shown.map((limit, at) => html`${at === 0 ? '' : '; '}${text(limit, 200)}`)}${limits.rest === 0 ? '' : `; and ${limits.rest} more, in report.json`}.</dd></div>`,
    objectives.length === 0
      ? undefined
      : html`<div><dt>Objectives</dt><dd>${first(objectives, 12).shown.map((objective, at) => html`${at === 0 ? '' : ' '}${code(objective, 40)}`)}</dd></div>`,
  ]}</dl>
</article>
`
}

const statusSince = (since: string): string => `This status since ${cut(since, 12)}.`

const note = (title: string, words: string): Html | undefined =>
  words === '' ? undefined : html`<div><dt>${title}</dt><dd>${text(sentence(words), detail.sentence)}</dd></div>`
