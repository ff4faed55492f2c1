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
/** Those that tell a person; the others make a machine do something, so that only a configured playbook uses them. */
export const notificationTemplates: readonly TemplateName[] = ['slack', 'telegram', 'jira', 'github', 'generic']

export type TemplateName = (typeof templateNames)[number]
