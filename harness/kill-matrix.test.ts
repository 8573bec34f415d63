import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv from 'ajv'
import type { Contract } from '../spec/contract'
import { newPulse } from './guard'
import { hunt, type MutantReport } from './hunt'
import { killsByContract } from './kill-matrix'
import { contracts } from './registry'
import { tasks } from './tasks'

const report = (id: string, ...killedBy: string[]) => ({ id, killedBy }) as unknown as MutantReport
const obligation = (id: string) => ({ id, kind: 'obligation' }) as Contract

test('what only one contract convicts is told apart from what others convict too', () => {
  const reports = [report('x', 'A', 'B'), report('y', 'A'), report('z', 'B', 'C')]
  expect(killsByContract(['A', 'B', 'C', 'D'].map(obligation), reports)).toEqual([
    { id: 'A', kills: ['x', 'y'], only: ['y'], impliedBy: [] },
    { id: 'B', kills: ['x', 'z'], only: [], impliedBy: ['A', 'C'] },
    { id: 'C', kills: ['z'], only: [], impliedBy: ['B'] },
    { id: 'D', kills: [], only: [], impliedBy: [] },
  ])
})

test('what mutants --json prints keeps to its schema', () => {
  const schema = readFileSync(
    join(__dirname, '..', 'docs', 'schemas', 'mutants.schema.json'),
    'utf8',
  )
  const seed = 1
  const found = hunt({ name: 'munmap-without-a-pass', seed, schedules: 100 })
  expect(found.killedBy).toContain('MMN-01')
  const printed = { seed, mutants: [found], contracts: killsByContract(contracts, [found]) }
  const ajv = new Ajv()
  expect(ajv.validate(JSON.parse(schema) as object, printed) || ajv.errors).toBe(true)
})

test('a hunt shows that it goes from run to run, so that one which does not is ended', () => {
  const pulse = newPulse()
  tasks.hunt({ name: 'munmap-without-a-pass', seed: 1, schedules: 100 }, pulse)
  expect(pulse.run[0]).toBeGreaterThan(0)
})
