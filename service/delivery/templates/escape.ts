/**
 * Escapes for receivers that interpret some characters, one character at a time, so that a value can be cut between two
 * of them. JSON itself needs none: values are put into the strings of a structure, never into its source.
 * `renderRequest` has replaced control characters and line breaks before.
 */
export const escapes = {
  none: (text: string) => text,
  /** Slack reads `<!channel>`, `<@user>` and `<address|text>`; https://docs.slack.dev/messaging/formatting-message-text */
  slack: (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  /** Values are in a code block, which only its own fence ends; mentions and links have no effect in it. */
  markdown: (text: string) => text.replaceAll('`', "'"),
  /** Values are between marks with a number that cannot be guessed, each on its own line. */
  untrusted: (text: string) => text,
} as const satisfies Record<string, (text: string) => string>
