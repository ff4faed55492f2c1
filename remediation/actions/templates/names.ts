/** The templates that are shipped, each a JSON file beside this one. */
export const templateNames = [
  'slack',
  'telegram',
  'jira',
  'github',
  'certificate-rotation',
  'openclaw-agent',
  'generic',
] as const
export type TemplateName = (typeof templateNames)[number]
