import { describe, expect, it } from '@jest/globals'
import { missingPackages, systemCommands } from '../../tools/checks/system-commands.ts'

describe('the Debian packages for the tests against real servers', () => {
  it('are none where every program is there', () => {
    expect(missingPackages(() => true)).toEqual([])
  })

  it('are named once where two programs come from one package', () => {
    expect(missingPackages(command => systemCommands[command] !== 'prometheus')).toEqual(['prometheus'])
  })
})
