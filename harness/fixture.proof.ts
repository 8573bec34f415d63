import { fixtureNames, readFixture } from './fixture'
import { withinBound } from './within-bound'

test.each(fixtureNames())(
  'on the reference every schedule of %s within its bound is clean',
  (name) => {
    const fixture = readFixture(name)
    expect(withinBound(fixture, fixture.bound)).toEqual({ dirty: [], complete: true })
  },
)
