import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { follow } from './follow.ts'
import { Machine } from './machine.ts'

const block = (info: string, text: string) => `\`\`\`${info}\n${text}\n\`\`\`\n\n`

describe('a page', () => {
  let machine: Machine

  beforeAll(async () => {
    machine = await Machine.start({ programs: { greet: ['echo', 'hello'] }, hosts: '127.0.0.2 greeter.example' })
  })

  afterAll(() => machine.stop())

  it('is followed: its files, commands and terminals, with what earlier commands have defined', async () => {
    const page = [
      block('yaml file=name', 'reader'),
      block('sh name=begin', 'say() { greet "$(cat name)"; }\nexport MARK=!'),
      block('sh name=sleep terminal=one', 'sleep 3333'),
      block('sh name=sleep-again terminal=one', 'sleep 4444'),
      block('sh name=end', 'say | sed "s/$/$MARK/"\ngetent hosts greeter.example\nps ax | grep -c "[s]leep [34]"'),
      block('text expect=end', 'hello reader!\n127.0.0.2 … greeter.example\n1'),
    ]
    await expect(follow(page.join(''), machine)).resolves.toBeUndefined()
  })

  it.each([
    ['prints something else', block('sh name=a', 'echo hi') + block('text expect=a', 'ho'), 'a should give: ho'],
    ['fails', block('sh name=a', 'false\necho hi'), 'exit code 0, not 1'],
    [
      'ends in its terminal',
      block('sh name=a terminal=one', 'echo gone') + block('sh name=b', 'sleep 1'),
      'the terminal one has ended:\ngone',
    ],
  ])('is refused where a command %s', async (_, page, message) => {
    await expect(follow(page, machine)).rejects.toThrow(message)
  })
})
