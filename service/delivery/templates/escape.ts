/**
 * How a value is made harmless where a receiver gives some characters a meaning. JSON itself needs nothing: values are
 * put into the texts of a structure, never into its source.
 */
export const escapes = {
  none: (text: string) => text,
  /** Slack reads `<!channel>`, `<@user>` and `<address|text>`; https://docs.slack.dev/messaging/formatting-message-text */
  slack: (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  /** Values stand in a code block, which only its own fence ends; no mention and no link works inside. */
  markdown: (text: string) => text.replaceAll('`', "'"),
  /** Values stand between marks that hold a number nobody can guess; line breaks in them are shown, not made. */
  untrusted: (text: string) => text.replace(/[\r\n\u2028\u2029]/g, ' '),
} as const satisfies Record<string, (text: string) => string>
