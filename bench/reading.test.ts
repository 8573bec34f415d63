import { measureReading, originOf } from './reading'

test('an operation says in one of three ways where it is written', () => {
  expect(originOf('/** Drops a reference (000:464). */')).toBe('documents')
  expect(originOf("/** Takes a page. Linux's own (mm/gup.c). */")).toBe('linux')
  expect(originOf("/** Takes a page. The model's own. */")).toBe('model')
})

test('it may say so across lines', () => {
  expect(originOf("/**\n * Takes a page. Linux's\n * own (mm/gup.c).\n */")).toBe('linux')
  expect(originOf("/**\n * Takes a page. The\n * model's own.\n */")).toBe('model')
})

test('a document comes before Linux, and neither is said without where', () => {
  expect(originOf("/** Linux's own (mm/gup.c), told of in 002:3823. */")).toBe('documents')
  expect(originOf("/** Linux's own. */")).toBeNull()
  expect(originOf('/** Takes a page. */')).toBeNull()
})

test('every operation of the reference says so', () => {
  const { operations, unsaid } = measureReading()
  expect(operations).toBeGreaterThan(0)
  expect(unsaid).toEqual([])
})
