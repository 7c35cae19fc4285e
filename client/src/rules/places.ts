// The places of a reading at which a rule is asked, as domain/rule_scopes.py of the server describes them.

import type { Finding, Labels, Reading, Rule, RuledImage } from '#schema/marking.ts'
import type { Value, Values } from './conditions.ts'

export interface Place {
  readonly values: Values
  readonly laterality: 'L' | 'R' | null
  readonly findingIndex: number | null
}

/** A reading beside what it is judged by. */
export interface Case {
  readonly studyId: string
  readonly reading: Reading
  readonly images: ReadonlyMap<string, RuledImage>
  readonly labels: Labels
}

const SIDES = ['L', 'R'] as const

/** Every place of a reading, by scope, in the order in which violations are listed. */
export function placesOf(one: Case): Record<Rule['scope'], Place[]> {
  const schema = schemaValues(one.labels)
  const withSchema = (places: Place[]) => places.map((place) => ({ ...place, values: { ...schema, ...place.values } }))
  return {
    side: withSchema(SIDES.map((side) => sideOf(one, side))),
    finding: withSchema(one.reading.findings.map((finding, index) => findingOf(one, finding, index))),
    finding_category: withSchema(one.reading.findings.flatMap((finding, index) => categoriesOf(one, finding, index))),
    side_category: withSchema(sideCategories(one)),
  }
}

function schemaValues({ breast, finding }: Labels): Values {
  return {
    'schema.breast_birads': breast.birads.map(({ value }) => value),
    'schema.densities': breast.densities.map(({ value }) => value),
    'schema.finding_birads': finding.birads,
    'schema.min_finding_birads': Math.min(...finding.birads),
    'schema.min_box_size': finding.min_box_size,
  }
}

function sideOf({ reading, images }: Case, side: 'L' | 'R'): Place {
  const answers = reading.breasts.filter(({ laterality }) => laterality === side)
  const only = answers.length === 1 ? answers[0] : undefined
  const values = {
    'side.is_shown': [...images.values()].some(({ laterality }) => laterality === side),
    'side.n_answers': answers.length,
    'side.n_findings': reading.findings.filter(({ image_id: id }) => images.get(id)?.laterality === side).length,
    'breast.birads': only?.birads ?? null,
    'breast.density': only?.density ?? null,
  }
  return { values, laterality: side, findingIndex: null }
}

function findingOf({ studyId, reading, images, labels }: Case, { image_id: id, box, categories, birads }: Finding, index: number): Place {
  const image = images.get(id)
  const needing = categories.filter((name) => labels.categories.some((one) => one.name === name && one.needs_birads))
  const answer = reading.breasts.find(({ laterality }) => laterality === image?.laterality)
  const [xmin, ymin, xmax, ymax] = box
  const values: Record<string, Value> = {
    'finding.birads': birads,
    'finding.n_categories': categories.length,
    'finding.needs_birads': needing.length > 0,
    'finding.needing': needing,
    'finding.width': xmax - xmin,
    'finding.height': ymax - ymin,
    'finding.xmin': xmin,
    'finding.ymin': ymin,
    'finding.xmax': xmax,
    'finding.ymax': ymax,
    'image.is_known': image !== undefined,
    'image.is_of_exam': image === undefined ? null : image.study_id === studyId,
    'image.is_standard': image?.is_standard ?? null,
    'image.width': image?.columns ?? null,
    'image.height': image?.rows ?? null,
    'breast.birads': answer?.birads ?? null,
  }
  return { values, laterality: image?.laterality ?? null, findingIndex: index }
}

function categoriesOf({ images, labels }: Case, { image_id: id, categories }: Finding, index: number): Place[] {
  return [...new Set(categories)].map((name) => {
    const values = {
      'category.name': name,
      'category.is_known': labels.categories.some((one) => one.name === name),
      'category.count': categories.filter((one) => one === name).length,
    }
    return { values, laterality: images.get(id)?.laterality ?? null, findingIndex: index }
  })
}

function sideCategories({ reading, images, labels }: Case): Place[] {
  return SIDES.flatMap((side) => {
    const views = new Map<string, Set<string>>()
    for (const { image_id: id, categories } of reading.findings) {
      const image = images.get(id)
      if (image?.laterality !== side) continue
      for (const name of categories) views.set(name, (views.get(name) ?? new Set()).add(image.view_position))
    }
    const byName = [...views].toSorted(([one], [other]) => (one < other ? -1 : 1))
    return byName.map(([name, seen]): Place => {
      const isOnce = labels.categories.some((one) => one.name === name && one.once_per_breast)
      const values = { 'category.name': name, 'category.n_views': seen.size, 'category.once_per_breast': isOnce }
      return { values, laterality: side, findingIndex: null }
    })
  })
}
