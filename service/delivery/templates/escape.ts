/**
 * Escapes for receivers that interpret some characters. JSON itself needs none: values are put into the strings of a
 * structure, never into its source.
 */
export const escapes = {
  none: (text: string) => text,
  /** Slack reads `<!channel>`, `<@user>` and `<address|text>`; https://docs.slack.dev/messaging/formatting-message-text */
  slack: (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  /** Values are in a code block, which only its own fence ends; mentions and links have no effect in it. */
  markdown: (text: string) => text.replaceAll('`', "'"),
  /** Values are between marks with a number that cannot be guessed; line breaks in them are replaced by spaces. */
  untrusted: (text: string) => text.replace(/[\r\n\u2028\u2029]/g, ' '),
} as const satisfies Record<string, (text: string) => string>
