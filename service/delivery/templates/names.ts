/** The shipped templates, each a JSON file in this folder. */
export const templateNames = [
  'slack',
  'telegram',
  'jira',
  'github',
  'certificate-rotation',
  'openclaw-agent',
  'generic',
] as const
/** Templates that notify people; the others trigger a machine: of the built-in playbooks, only `certificate-rotation` uses the one of its name. */
export const notificationTemplates: readonly TemplateName[] = ['slack', 'telegram', 'jira', 'github', 'generic']

export type TemplateName = (typeof templateNames)[number]
