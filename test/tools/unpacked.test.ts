import { describe, expect, it } from '@jest/globals'
import { systemCommands } from '../../tools/checks/system-commands.ts'
import { dependencies, unpackedCommands } from '../../tools/checks/unpacked.ts'

describe('programs that are unpacked because their packages exclude others', () => {
  it('are programs that the tests run', () => {
    expect(Object.keys(systemCommands)).toEqual(expect.arrayContaining([...unpackedCommands]))
  })

  it.each([
    ['', []],
    ['libc6 (>= 2.34), libcap2 (>= 1:2.10)', ['libc6', 'libcap2']],
    ['sysvinit-utils (>= 3.05-4~) | lsb-base, python3:any', ['sysvinit-utils', 'python3']],
    ['libglib2.0-0 (>= 2.57.2), libstdc++6', ['libglib2.0-0', 'libstdc++6']],
  ])('depend on the packages of the field "%s"', (field, names) => {
    expect(dependencies(field)).toEqual(names)
  })
})
