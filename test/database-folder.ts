import { tmpdir } from 'node:os'

/**
 * The folder in which tests make those of their databases: in memory if `npm test` gave one. A database waits for the
 * disk at each commit, for longer than the tests compute; what a disk keeps is tested by test/stack.
 */
export const databaseFolder = (): string => process.env.CLAWTRUST_DATABASE_FOLDER ?? tmpdir()
