import { expect, it } from 'vitest'
import { barring, type Kept, memoryKeep } from './queue.ts'

const kept = (name: string, study_id: string): Kept => ({
  name, study_id, number: 1, list: 'worklist', state: 'draft', reading: { breasts: [], findings: [], comment: '' }, decided: {}, version: 1,
  isUnsaved: true, seconds: {}, stage: null, confirmed: [], view: null, at: 0,
}) // prettier-ignore

it('of a held exam nothing is kept, whoever answered it and whatever their desk still says, until it is shown again', async () => {
  const keep = barring(memoryKeep())
  const left = async () => (await keep.all()).map(({ name, study_id: id }) => `${name} ${id}`)
  await Promise.all([keep.put(kept('alice', '1')), keep.put(kept('bert', '1')), keep.put(kept('alice', '2'))])
  await keep.bar('1')
  await keep.put(kept('alice', '1'))
  keep.putNow(kept('alice', '1'))
  expect(await left()).toEqual(['alice 2'])
  keep.unbar('1')
  await keep.put(kept('alice', '1'))
  expect(await left()).toEqual(['alice 2', 'alice 1'])
})
