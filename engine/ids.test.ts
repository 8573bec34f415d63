import { id, newGeneration } from './ids'

test('an object that is there in the next run too is counted anew in it', () => {
  const lasting = { name: 'lasting' }
  const other = { name: 'other' }
  newGeneration()
  expect([id('ops', lasting), id('ops', lasting)]).toEqual(['ops:1', 'ops:1'])
  newGeneration()
  // Two objects of one run never share an id, whoever was known before.
  expect([id('ops', other), id('ops', lasting)]).toEqual(['ops:1', 'ops:2'])
})

test('a function can be named too', () => {
  newGeneration()
  expect(id('function', () => 0)).toBe('function:1')
})

test('what is no object has no id, and the next run begins all the same', () => {
  newGeneration()
  expect(() => id('kref', true as never)).toThrow(TypeError)
  expect(newGeneration).not.toThrow()
})
