import { type Html, html } from '../../service/page/html.ts'
import type { CommandKind } from '../ledger/commands.ts'

/** A command as a button, for operators who are signed in on this page. */
export function commandButton(kind: CommandKind, argument: string, label: string): Html {
  return html`<form class="command" method="post" action="/commands/${kind}"><input type="hidden" name="argument" value="${argument}"><button>${label}</button></form>`
}

/** The same on the command line, for whoever only reads this page. */
export function commandLine(words: string): Html {
  return html`<code>clawtrust remediation ${words}</code>`
}
