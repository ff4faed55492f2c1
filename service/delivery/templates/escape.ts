/**
 * How a value is made harmless where a receiver gives some characters a meaning, character by character, so that a value
 * can be cut between two. JSON itself needs nothing: values are put into the texts of a structure, never into its source.
 * Control characters and line breaks are escapes already (`renderRequest`).
 */
export const escapes = {
  none: (text: string) => text,
  /** Slack reads `<!channel>`, `<@user>` and `<address|text>`; https://docs.slack.dev/messaging/formatting-message-text */
  slack: (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  /** Values stand in a code block, which only its own fence ends; no mention and no link works inside. */
  markdown: (text: string) => text.replaceAll('`', "'"),
  /** Values stand between marks that hold a number nobody can guess, each on its own line. */
  untrusted: (text: string) => text,
} as const satisfies Record<string, (text: string) => string>
