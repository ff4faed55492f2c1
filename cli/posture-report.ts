import type { AcceptanceAnswer, PostureAnswer } from '../exporter/web/api/posture.ts'
import { printable } from '../service/log/one-line.ts'

/** What is open, for a person: the most severe first. Texts of records cannot move the cursor of a terminal. */
export function postureReport({ snapshots, findings, acceptances }: PostureAnswer): string {
  const lines = [
    ...snapshots.map(
      ({ gateway, producer, time, valid }) =>
        `${gateway}  ${producer}  ${time}${valid ? '' : '  too old: the posture is unknown'}`,
    ),
    '',
    ...(findings.length === 0 ? ['No findings are open.'] : []),
    ...findings.map(({ gateway, check, target, severity, summary, accepted }) => {
      const subject = target === '' ? check : `${check} (${target})`
      const note = accepted === null ? '' : `  [accepted by ${accepted.who} until ${accepted.until}]`
      return `${severity}  ${gateway}  ${subject}  ${summary}${note}`
    }),
    ...(acceptances.length === 0 ? [] : ['', 'Acceptances:', ...acceptances.map(acceptanceLine)]),
  ]
  return `${lines.map(printable).join('\n')}\n`
}

function acceptanceLine({ check, target, gateway, who, why, until, in_force, ended_by }: AcceptanceAnswer): string {
  const subject = [check, target === null ? '' : ` (${target})`, gateway === null ? '' : ` of ${gateway}`].join('')
  const end = in_force ? `until ${until}` : ended_by === null ? `ended ${until}` : `ended by ${ended_by}`
  return `${subject}: ${end}, by ${who}: ${why}`
}
