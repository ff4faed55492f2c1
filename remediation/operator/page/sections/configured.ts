import { span } from '../../../../core/time/duration.ts'
import { dataText } from '../../../../service/page/data-text.ts'
import type { Html } from '../../../../service/page/html.ts'
import { grouped } from '../../../../service/page/words.ts'
import type { PageModel } from '../model.ts'
import { section } from './section.ts'

export function playbookSection({ playbooks, policyVersion }: PageModel): Html {
  return section({
    id: 'playbooks',
    title: `Playbooks (policy ${policyVersion})`,
    rows: playbooks,
    columns: [
      { head: 'playbook', rowHead: true, cell: row => dataText(row.name) },
      { head: 'mode', cell: row => row.mode },
      { head: 'steps', label: true, cell: row => row.steps.join('; ') },
    ],
    empty: 'None.',
  })
}

export function intelligenceSection({ intelligence }: PageModel): Html | undefined {
  if (intelligence.length === 0) return undefined
  return section({
    id: 'lists',
    title: 'Threat intelligence',
    rows: intelligence,
    columns: [
      { head: 'source', rowHead: true, cell: row => dataText(row.name) },
      { head: 'entries', label: true, align: 'number', cell: ({ list }) => (list ? grouped(list.entries) : '') },
      { head: 'rejected', label: true, align: 'number', cell: ({ list }) => (list ? grouped(list.refused) : '') },
      {
        head: 'age',
        label: true,
        cell: ({ list }) => (list?.ageSeconds === undefined ? '' : span(list.ageSeconds * 1_000)),
      },
      { head: 'problem', label: true, cell: row => row.trouble ?? (row.up === undefined ? 'not asked yet' : 'none') },
    ],
    empty: 'None.',
  })
}
