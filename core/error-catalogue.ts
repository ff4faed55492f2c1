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
  STATE_FOLDER_IN_USE: {
    meaning: 'Another clawtrust process owns the state folder.',
    remedy: 'Stop the other process, or give each process a state folder of its own.',
  },
  STATE_UNUSABLE: {
    meaning: 'The state folder or its database cannot be opened.',
    remedy: 'Check that the folder exists, that this user may write to it and that its disk has space.',
  },
  STATE_WRITE_FAILED: {
    meaning: 'A commit of the state database failed; exposed values stand still and the commit is tried again.',
    remedy: 'Free space on the disk or mend its permissions; clawtrust goes on by itself.',
  },
  SECRET_UNREADABLE: {
    meaning: 'A file or a variable of the environment that the configuration names for a secret holds none.',
    remedy: 'Check the path and its permissions, or set the variable; the message names the key.',
  },
  USAGE: {
    meaning: 'The command line names something that is not there or does not fit together.',
    remedy: 'Correct what the message names; `clawtrust help` lists commands and options.',
  },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errorCatalogue
