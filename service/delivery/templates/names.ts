/** The shipped templates of requests about an incident, each a JSON file in this folder. */
export const incidentTemplates = [
  'slack',
  'telegram',
  'jira',
  'github',
  'certificate-rotation',
  'openclaw-agent',
  'generic',
] as const
/** Those about a compliance report. */
export const reportTemplates = ['report-slack', 'report-webhook'] as const
export const templateNames = [...incidentTemplates, ...reportTemplates] as const
/** Templates that notify people; the others trigger a machine: of the built-in playbooks, only `certificate-rotation` uses the one of its name. */
export const notificationTemplates: readonly TemplateName[] = ['slack', 'telegram', 'jira', 'github', 'generic']

export type TemplateName = (typeof templateNames)[number]
