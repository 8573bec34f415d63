import { checkProgram } from './check'
import { endConnections } from './connection'
import { faulty, sample } from './fixtures/programs'
import { budgetsDefault, Program } from './program'
import type { ProgramCommand } from '../subject'

afterAll(endConnections)

const failing = ({ command, callMs }: ProgramCommand): string[] =>
  checkProgram(new Program(command, { ...budgetsDefault, callMs }))
    .filter(({ isWell }) => !isWell)
    .map(({ what, says }) => `${what}: ${says}`)

test('a program that keeps to the protocol passes', () => {
  expect(failing(sample('range-valid.js'))).toEqual([])
})

test('one that does not is told what is wrong', () => {
  expect(failing(faulty('wrong id'))[0]).toMatch(
    /^20 runs: run \d+ did not end well: protocol: .* was to be answered$/,
  )
})

test('one that asks chance does not make the same run twice', () => {
  expect(failing(faulty('nondeterministic', 0)).join()).toContain(
    'the same run twice: the same choices lead elsewhere',
  )
})
