/**
 * Every error that a user can meet: its stable code, what it means and what to do.
 * docs/errors.md is generated from this table; a test holds both together. Codes are never reused.
 */
export interface ErrorEntry {
  readonly meaning: string
  readonly remedy: string
}

export const errorCatalogue = {
  CONFIG_UNKNOWN_KEY: {
    meaning: 'The configuration holds a key that clawtrust does not know.',
    remedy: 'Correct the key; the message names the nearest known one and the line.',
  },
  CONFIG_INVALID: {
    meaning: 'A value of the configuration has the wrong type or is out of range.',
    remedy: 'Correct the value at the line that the message names; docs/configuration.md lists types and ranges.',
  },
  CONFIG_UNREADABLE: {
    meaning: 'The configuration file could not be read or is not YAML.',
    remedy: 'Check the path, its permissions and the YAML at the line that the message names.',
  },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errorCatalogue
