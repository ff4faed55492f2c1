import { readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { Ajv } from 'ajv'
import { describeWithCapture } from '../requirements.ts'

const manifest = JSON.parse(readFileSync(new URL('../../grafana-plugin/src/plugin.json', import.meta.url), 'utf8'))
/** The build writes the day and the version. */
const built = { ...manifest, info: { ...manifest.info, version: '0.1.0', updated: '2026-11-27' } }

describeWithCapture('schemas/grafana/plugin.schema.json', "the panel's plugin.json", schemaFile => {
  // Ajv knows draft 7 by its address with a `#` only; draft 7 is what it takes by itself.
  const { $schema: _, ...schema } = JSON.parse(readFileSync(schemaFile, 'utf8'))
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema)

  it("keeps to the schema of Grafana's plugin validator", () => {
    validate(built)
    expect(validate.errors).toBeNull()
  })

  it('would be refused with a field that Grafana does not know, or without an id', () => {
    expect(validate({ ...built, unknown: true })).toBe(false)
    const { id: _, ...nameless } = built
    expect(validate(nameless)).toBe(false)
  })
})
