// Names for what a reader is asked and answers; the shapes are in api.ts.

import type { ArbitrationPairOut, DisagreementOut, DraftOut, FlagIn, LabelsCategoryOut, LabelsOut, ReadingBreastOut, ReadingFindingOut, ReadingOut, ReadsOut, RuleOut, ViewedOut } from './api.ts'

export type Labels = LabelsOut
export type Category = LabelsCategoryOut
export type Rule = RuleOut
export type Level = RuleOut['level']
export type BreastAnswer = ReadingBreastOut
/** xmin, ymin, xmax, ymax in stored pixels, half-open. */
export type Box = readonly [number, number, number, number]
export type Finding = Omit<ReadingFindingOut, 'box'> & { box: Box }
export type Reading = Omit<ReadingOut, 'findings'> & { findings: Finding[] }
export type DraftSaid = Omit<DraftOut, 'reading'> & { reading: Reading | null }
export type FlagKind = FlagIn['kind']
export type Disagreement = DisagreementOut
export type Pairing = ArbitrationPairOut
export type Reads = Omit<ReadsOut, 'a' | 'b'> & { a: Reading; b: Reading }
export type Seconds = Readonly<Record<string, number>>
/** What was seen of each image, by its id. */
export type Viewed = Readonly<Record<string, Readonly<ViewedOut>>>

/** What is known of an image where rules are asked. */
export interface RuledImage {
  readonly image_id: string
  readonly study_id: string
  readonly laterality: 'L' | 'R'
  readonly view_position: string
  readonly rows: number
  readonly columns: number
  readonly is_standard: boolean
}

/** Something to correct or to confirm. The key is what a reader confirms: `no_finding_marked:R`. */
export interface Violation {
  readonly code: string
  readonly key: string
  readonly level: Level
  readonly message: string
  readonly laterality: 'L' | 'R' | null
  readonly finding_index: number | null
}
