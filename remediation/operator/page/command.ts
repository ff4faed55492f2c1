import { idOf } from '../../../service/page/data-text.ts'
import { type Html, html } from '../../../service/page/html.ts'
import type { CommandKind } from '../../store/commands.ts'

/** A command as a button that asks before it acts, for operators who are signed in on this page; its id keeps the focus when the page asks for news. */
export function commandButton(kind: CommandKind, argument: string, label: string): Html {
  const id = idOf(kind, argument)
  return html`<form class="command" method="post" action="/commands/${kind}"><input type="hidden" name="argument" value="${argument}"><button id="${id}" aria-label="${`${label} ${argument}`.trim()}">${label}</button></form>`
}

/** The same on the command line, for users who can only read the page. */
export function commandLine(words: string): Html {
  return html`<code>clawtrust remediation ${words}</code>`
}
