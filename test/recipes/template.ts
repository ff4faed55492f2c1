import { after, type Edit, type Recipe } from './recipe.ts'

const names = 'service/delivery/templates/names.ts'
const file = 'service/delivery/templates/mattermost.json'
const tests = 'test/service/delivery/templates.test.ts'

const mistake = (find: string, put: string) => ({ mistake: { file, find, put } })

/** People are notified in a channel of Mattermost. */
const notification: Edit = {
  file: names,
  find: "TemplateName[] = ['slack', 'telegram', 'jira', 'github', 'generic']",
  put: "TemplateName[] = [\n  'slack',\n  'telegram',\n  'mattermost',\n  'jira',\n  'github',\n  'generic',\n]",
}

export const template: Recipe = {
  kind: 'destination template',
  member: 'mattermost',
  called: ['mattermost'],
  edits: [after(names, "  'telegram',\n", "  'mattermost',\n"), notification],
  passes: ['test/regression/secrets-in-failures.test.ts'],
  rows: [
    {
      forgotten: 'the file',
      places: [
        {
          omits: [{ added: file }],
          fails: [{ check: tests, test: null, names: [file] }],
        },
      ],
    },
    {
      forgotten: 'a placeholder that does not exist',
      places: [
        {
          omits: [mistake('{{verdict}}', '{{judgement}}')],
          fails: [{ check: tests, test: 'mattermost makes JSON without an open placeholder', names: ['judgement'] }],
        },
      ],
    },
    {
      forgotten: 'the limit of a text',
      places: [
        {
          omits: [mistake('"text": { "characters": 16383, "lines": "many" }', '')],
          fails: [{ check: tests, test: null, names: ['mattermost', 'body.text', 'has no entry in limits'] }],
        },
      ],
    },
    {
      forgotten: 'an escape for texts from attackers',
      places: [
        {
          omits: [mistake('"escape": "markdown"', '"escape": "none"')],
          fails: [
            {
              check: tests,
              test: 'escapes the texts of attackers, except for receivers without markup',
              names: ['mattermost'],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'the page',
      places: [
        {
          omits: [{ stale: 'docs/configuration.md' }],
          fails: [
            {
              check: 'test/tools/generate.test.ts',
              test: 'docs/configuration.md is up to date',
              names: ['mattermost'],
            },
          ],
        },
      ],
    },
  ],
}
