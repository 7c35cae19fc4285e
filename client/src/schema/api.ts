// Made by scripts/write-client-schema from the server's description of its API. Not to be edited.

/** Agreement of the readers. */
export type AgreementOut = {
  state: 'ready' | 'stale' | 'computing'
  n_studies: number
  n_senior: number
  discordance: DiscordanceOut[]
  pairs: DashboardBodiesPairOut[]
  seniors: DashboardBodiesPairOut[]
  alpha: Record<string, AlphaOut>
  findings: PooledFindingsOut | null
}

/** Krippendorff's alpha of all readers on one question about breasts. */
export type AlphaOut = {
  n: number
  observed: number | null
  low: number | null
  high: number | null
  note: string
  alpha: number | null
}

/** Another answer in the place of one's own, and why. */
export type AmendmentIn = {
  reading: ReadingIn
  reason: string
  confirmed?: string[]
  seconds?: Record<string, unknown>
  viewed?: Record<string, unknown>
}

/** An exam on an arbiter's list, and why it is there. */
export type ArbitrationOut = {
  study_id: string
  number: number
  state: 'new' | 'in_progress' | 'done'
  role: 'reader' | 'senior' | 'arbiter'
  opened_at: string | null
  submitted_at: string | null
  can_amend: boolean
  n_images: number
  reasons: ReasonOut[]
}

/** An arbiter's list, in the order of the draw; the counts are of the whole list. */
export type ArbitrationsOut = {
  items: ArbitrationOut[]
  counts: CountsOut
  next_study_id: string | null
}

/** Somebody who has an exam; whether they have answered, null for who may not be told. */
export type AssigneeOut = {
  name: string
  is_submitted: boolean | null
}

/** Give an exam to a person, or to them instead of another, with the reason. */
export type AssignmentIn = {
  study_id: string
  name: string
  role?: 'reader' | 'senior' | 'arbiter'
  instead_of?: string | null
  reason?: string | null
}

/** An exam and who has it. `is_open`: whether its review is complete, so that it can be read now. */
export type AssignmentOut = {
  study_id: string
  number: number
  state: 'unassigned' | 'assigned' | 'awaiting_reads' | 'awaiting_arbitration' | 'concordant' | 'final' | 'held' | 'excluded'
  is_open: boolean
  readers: AssigneeOut[]
  senior: AssigneeOut | null
  arbiter: AssigneeOut | null
  flags: string[] | null
}

/** A page of the exams; `counts` are of all that are asked for, whatever their state. */
export type AssignmentsOut = {
  items: AssignmentOut[]
  next_cursor: string | null
  total: number | null
  counts: Record<string, number>
}

/** A BI-RADS category of a breast, and what it means. */
export type BiradsOut = {
  value: number
  meaning: string
}

/** An answer about a breast; null is not answered. */
export type BreastIn = {
  laterality: 'L' | 'R'
  birads?: number | null
  density?: string | null
}

/** What is asked of each breast. */
export type BreastLabelsOut = {
  birads: BiradsOut[]
  densities: DensityOut[]
}

/** Close the reading phase for good; `confirm` is the name of the dataset. */
export type ClosingIn = {
  confirm: string
}

/** Whether the reading phase is closed. */
export type ClosingOut = {
  phase_is_closed: boolean
}

/** Where the code stream is, its size in bytes, where it begins in what is had there, and the end of each tile-part. */
export type CodeStreamOut = {
  url: string
  size: number
  offset: number
  tile_part_ends: number[]
}

/** Exams on the list, by how far they are. */
export type CountsOut = {
  new: number
  in_progress: number
  done: number
}

/** A name and its password. */
export type Credentials = {
  name: string
  password: string
}

/** First answers of one day, UTC. */
export type DayOut = {
  day: string
  n: number
}

/** A person of the demo, told to everybody: its patients are drawings. */
export type DemoAccount = {
  name: string
  password: string
  roles: string[]
}

/** A breast density, and what it means. */
export type DensityOut = {
  value: string
  meaning: string
}

/** A difference between A and B. */
export type DisagreementOut = {
  kind: 'recall' | 'birads' | 'density' | 'unmatched_finding' | 'category' | 'finding_birads'
  laterality: 'L' | 'R' | null
  image_id: string | null
  a: string
  b: string
  opens_arbitration: boolean
}

/** Share of exams whose readings differ in a field; ``arbitration``: in one that calls for an arbiter. */
export type DiscordanceOut = {
  field: string
  n: number
  rate: number | null
  low: number | null
  high: number | null
}

/** An answer is in; where to go on. */
export type DoneOut = {
  state?: 'done'
  next_study_id: string | null
}

/** An answer in the making, the seconds of work so far by hanging step, what was seen, and the step shown now. */
export type DraftIn = {
  reading: ReadingIn
  seconds?: Record<string, unknown>
  viewed?: Record<string, unknown>
  stage?: string | null
}

/** An answer in the making; version 0 and no reading while there is none. */
export type DraftOut = {
  version: number
  reading: ReadingOut | null
  seconds: Record<string, number>
  viewed: Record<string, ViewedOut>
  stage: string | null
  saved_at: string | null
}

/** Draw people for all exams that lack some; `partial` does what is possible where people are missing. */
export type DrawIn = {
  dry_run?: boolean
  partial?: boolean
}

/** Exams newly assigned to each person; what follows from readings is null for who may not be told. */
export type DrawOut = {
  dry_run: boolean
  reads: Record<string, number>
  arbitrations: Record<string, number> | null
  seniors: Record<string, number> | null
  missing: Record<string, number>
  why: string[]
}

/** Something that a person did; `about` is another person, `study_id` an exam, each empty where there is none. */
export type EventOut = {
  number: number
  at: string
  kind: string
  by: string
  about: string
  study_id: string
  exam_number: number | null
  detail: Record<string, unknown>
}

/** An image of an exam; `attributes` are kept header values under their keywords in snake_case. */
export type ExamImageOut = {
  image_id: string
  series_id: string
  laterality: string
  view_position: string
  is_standard: boolean
  rows: number
  columns: number
  attributes: Record<string, unknown>
  presentation: PresentationOut
  extent: [number, number, number, number]
  codestream: CodeStreamOut
}

/** An approved exam with its images and findings. */
export type ExamInFull = {
  number: number
  study_id: string
  patient_id: string
  age_years: number | null
  vendor: string | null
  state: string
  fold: string | null
  has_reference: boolean
  breasts: ApiBreastOut[]
  n_findings: number | null
  images: ImageOut[]
  findings: ApiFindingOut[]
}

/** A page of the list of exams. */
export type ExamsOut = {
  total: number
  page: number
  pages: number
  page_size: number
  exams: ApiExamOut[]
}

/** What was planted in an exam beside what was given, and the exam to go on with; null after the last one. */
export type FeedbackOut = {
  number: number
  breasts: TrainingBreastOut[]
  findings: TrainingFindingOut[]
  score: ScoreOut
  next_number: number | null
}

/** A finding: xmin, ymin, xmax, ymax in stored pixels, half-open. */
export type FindingIn = {
  image_id: string
  box: number[]
  categories: string[]
  birads?: number | null
}

/** What is asked of each finding; the size in stored pixels. */
export type FindingLabelsOut = {
  birads: number[]
  min_box_size: number
}

/** Agreement on boxes: `n` marked by either reader, a box that both marked being one; the interval is of F1. */
export type FindingsOut = {
  n: number
  observed: number | null
  low: number | null
  high: number | null
  note: string
  n_matched: number
  f1: number | null
  f1_images: number | null
  mean_iou: number | null
}

/** Why an exam should not be read as it is; never an identifier. */
export type FlagIn = {
  kind: 'visible_identifier' | 'image_quality' | 'other'
  reason: string
  image_id?: string | null
}

/** Exams of the asker that were held since; ask again with `number`. */
export type HoldsOut = {
  number: number
  study_ids: string[]
}

/** An image of an exam. */
export type ImageOut = {
  image_id: string
  laterality: string
  view_position: string
  height: number
  width: number
  is_standard: boolean
}

/** Cohen's kappa of two readers; the interval is of the weighted one (quadratic) where there is one. */
export type KappaOut = {
  n: number
  observed: number | null
  low: number | null
  high: number | null
  note: string
  kappa: number | null
  weighted_kappa: number | null
}

/** What readers are asked; `version` changes with whatever else is in it. */
export type LabelsOut = {
  version: string
  breast: BreastLabelsOut
  finding: FindingLabelsOut
  categories: LabelsCategoryOut[]
  rules: RuleOut[]
}

export type Listed_EventOut_ = {
  items: EventOut[]
  next_cursor: string | null
  total: number | null
}

export type Listed_ReviewElementOut_ = {
  items: ReviewElementOut[]
  next_cursor: string | null
  total: number | null
}

export type Listed_ReviewImageOut_ = {
  items: ReviewImageOut[]
  next_cursor: string | null
  total: number | null
}

export type Listed_ReviewRegionOut_ = {
  items: ReviewRegionOut[]
  next_cursor: string | null
  total: number | null
}

export type Listed_ReviewValueOut_ = {
  items: ReviewValueOut[]
  next_cursor: string | null
  total: number | null
}

/** Who is signed in. */
export type Me = {
  name: string
  roles: string[]
  must_change_password: boolean
  csrf_token: string
  dataset: string
  phase_is_closed: boolean
  language: string | null
}

/** A password for another. */
export type PasswordChange = {
  current: string
  new: string
}

/** Everybody, by name. */
export type PeopleOut = {
  items: PersonAccountOut[]
}

/** A person. What depends on readings is null for who may not be told: `arbitrations` and `quality_reads`. */
export type PersonAccountOut = {
  name: string
  roles: string[]
  years_experience: number | null
  annual_volume: number | null
  is_available: boolean
  workload_cap: number | null
  is_disabled: boolean
  has_password: boolean
  must_change_password: boolean
  is_linked: boolean
  reads: PersonalCounts
  arbitrations: PersonalCounts | null
  quality_reads: PersonalCounts | null
  trained_at: string | null
}

/** What is to be other of a person; what is left out stays, null empties. */
export type PersonChange = {
  roles?: ('reader' | 'arbiter' | 'reviewer' | 'admin')[] | null
  years_experience?: number | null
  annual_volume?: number | null
  is_available?: boolean | null
  workload_cap?: number | null
  is_disabled?: boolean | null
}

/** A new person. */
export type PersonIn = {
  name: string
  roles: ('reader' | 'arbiter' | 'reviewer' | 'admin')[]
  years_experience?: number | null
  annual_volume?: number | null
  is_available?: boolean
  workload_cap?: number | null
  with_password?: boolean
}

/** How far one person is in one role. */
export type PersonOut = {
  name: string
  role: string
  assigned: number
  in_progress: number
  submitted: number
  seconds_per_exam: SecondsOut | null
  per_hour: number | null
}

/** Exams that a person has now in a role, and those of them that they have answered. */
export type PersonalCounts = {
  assigned: number
  submitted: number
}

/** A password drawn by lot, told this once; null for a person who signs in at an identity provider. */
export type PersonalPassword = {
  name: string
  password: string | null
}

/** The same over all readers, and by category. */
export type PooledFindingsOut = {
  n: number
  observed: number | null
  low: number | null
  high: number | null
  note: string
  n_matched: number
  f1: number | null
  f1_images: number | null
  mean_iou: number | null
  per_category: DashboardBodiesCategoryOut[]
}

/** How an image wants to be shown (PS3.3 C.11.1, C.11.2, C.11.6), read from its header as the server reads it. */
export type PresentationOut = {
  bits_stored: number
  is_signed: boolean
  is_inverted: boolean
  rescale_slope: number
  rescale_intercept: number
  windows: WindowOut[]
  voi_lut_function: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID'
  voi_luts: VoiLutOut[]
  padding: [number, number] | null
}

/** An earlier exam of the same patient: its standard views, and how many whole months before it was taken. */
export type PriorOut = {
  months: number
  images: ExamImageOut[]
}

/** How far the reading is; `states` and `flow` are null for who may not be told, `flow` also while it is made. */
export type ProgressOut = {
  is_withheld: boolean
  states: Record<string, number> | null
  per_reader: PersonOut[]
  reads_per_day: DayOut[]
  flow: Record<string, unknown>[] | null
}

/** An identity provider. */
export type ProviderOut = {
  id: string
  name: string
  start_url: string
}

/** An answer; whose and of what follows from the session and the address. */
export type ReadingIn = {
  breasts: BreastIn[]
  findings?: FindingIn[]
  comment?: string
}

/** An answer. */
export type ReadingOut = {
  breasts: ReadingBreastOut[]
  findings: ReadingFindingOut[]
  comment: string
}

/** Both readings, how their findings pair, and where they differ. */
export type ReadsOut = {
  a: ReadingOut
  b: ReadingOut
  pairs: ArbitrationPairOut[]
  disagreements: DisagreementOut[]
}

/** A difference that called for the arbiter; ``first`` is what A says, ``second`` what B says. */
export type ReasonOut = {
  kind: 'recall' | 'birads' | 'density' | 'unmatched_finding' | 'category' | 'finding_birads'
  laterality: 'L' | 'R' | null
  image_id: string | null
  first: string
  second: string
}

/** A region of an image that a person decided about before the gate made it: xmin, ymin, xmax, ymax. */
export type ReviewDecidedRegionOut = {
  region_id: string
  box: number[]
  verdict: string
}

/** What a person says at once; all of it is recorded, or nothing. */
export type ReviewDecisionsIn = {
  values?: ReviewValueIn[]
  images?: ReviewImageIn[]
  regions?: ReviewRegionIn[]
}

/** An element and how far its values are; `mark` names the values that it has now. */
export type ReviewElementOut = {
  element: string
  name: string
  group: string
  kind: string
  n_values: number
  n_pending: number
  n_rejected: number
  n_images: number
  suspicious: boolean
  mark: string
}

/** Why somebody who reads the exam holds an image unfit to be read. */
export type ReviewFlagOut = {
  kind: string
  reason: string
}

/** Counts between neighbouring edges. */
export type ReviewHistogram = {
  edges: number[]
  counts: number[]
}

/** A verdict about an image as it was shown, with the reason where it is rejected. */
export type ReviewImageIn = {
  image_id: string
  verdict: 'approve' | 'reject'
  reason?: 'visible_identifier' | 'image_quality' | 'other' | null
  pixels: string
}

/** An image to look at. */
export type ReviewImageOut = {
  image_id: string
  study_id: string
  number: number
  view: string
  rows: number
  columns: number
  pixels: string
  place: string
  suspicions: ReviewSuspicionOut[]
  regions: ReviewDecidedRegionOut[]
  preview_url: string
  flag: ReviewFlagOut | null
  said: ReviewSaidOut | null
  second: ReviewSaidOut | null
}

/** How numbers spread; what lies outside of the fences is far out (Tukey). */
export type ReviewRangeOut = {
  low: number
  q1: number
  median: number
  q3: number
  high: number
  n: number
  n_distinct: number
  fences: number[]
  histogram: ReviewHistogram
}

/** How much was recorded; a whole element counts as often as it has values or ranges. */
export type ReviewRecordedCounts = {
  images: number
  second_looks: number
  values: number
  regions: number
}

/** What was recorded. */
export type ReviewRecordedOut = {
  recorded: ReviewRecordedCounts
}

/** A verdict about a region. */
export type ReviewRegionIn = {
  region_id: string
  verdict: 'mask' | 'keep'
  reason?: string
}

/** A region on or near the breast that holds its exam: xmin, ymin, xmax, ymax in stored pixels, half-open. */
export type ReviewRegionOut = {
  region_id: string
  image_id: string
  study_id: string
  box: number[]
  found_by: string
  score: number
  crop_url: string | null
}

/** What a person said of an image. */
export type ReviewSaidOut = {
  by: string
  verdict: 'approve' | 'reject'
  reason: string | null
}

/** How far the review is. What waits for the asker's second look is counted as nothing else. */
export type ReviewSummaryOut = {
  values: ReviewedValueCounts
  images: ReviewedImageCounts
  exams: ReviewedExamCounts
  regions: number
  flags: number
  is_required: boolean
}

/** Why an image is looked at early. */
export type ReviewSuspicionOut = {
  code: string
  words: string
}

/** A verdict about one value, a range ``low..high`` or ``*``; about all values of an element without one. */
export type ReviewValueIn = {
  element: string
  value?: string | null
  verdict: 'approve' | 'reject'
  reason?: string
  mark?: string | null
}

/** A value, or a range of numbers, to decide about: `value` is what a decision names. */
export type ReviewValueOut = {
  value: string
  n_images: number
  verdict: 'approve' | 'reject' | null
  range: ReviewRangeOut | null
  suspicion: 'outlier' | 'rare' | null
  example_image_id: string | null
}

/** Exams that passed the gate by what holds of them; `values` wait for a value of their files alone. */
export type ReviewedExamCounts = {
  pending: number
  approved: number
  rejected: number
  second_look: number
  disagreement: number
  values: number
}

/** Images of each list; `second_look` are those that the asker may look at, and are in no other list for them. */
export type ReviewedImageCounts = {
  pending: number
  approved: number
  rejected: number
  second_look: number
  disagreement: number
}

/** Different values that files hold, by what was said of them. */
export type ReviewedValueCounts = {
  pending: number
  approved: number
  rejected: number
}

/** A rule: at which places it is asked (`scope`), when it is broken, and what is said then. */
export type RuleOut = {
  code: string
  level: 'error' | 'confirm'
  scope: 'side' | 'finding' | 'finding_category' | 'side_category'
  message: string
  when: unknown[]
}

/** What a draft became. */
export type SavedOut = {
  version: number
  saved_at: string
}

/** Boxes that were found, missed, and marked where nothing was planted; breasts that agree, of those compared. */
export type ScoreOut = {
  found: number
  missed: number
  extra: number
  birads_alike: number
  birads_asked: number
  density_alike: number
  density_asked: number
}

/** Seconds of work per exam, over `n` exams whose time was measured. */
export type SecondsOut = {
  n: number
  median: number
  p90: number
}

/** What the page needs on which one signs in. */
export type SignInOut = {
  dataset: string
  title: string
  providers: ProviderOut[]
  demo_accounts: DemoAccount[]
}

/** An answer to be submitted. */
export type SubmissionIn = {
  reading: ReadingIn
  version: number
  confirmed?: string[]
  seconds?: Record<string, unknown>
  viewed?: Record<string, unknown>
}

/** An exam on a person's list. */
export type TaskOut = {
  study_id: string
  number: number
  state: 'new' | 'in_progress' | 'done'
  role: 'reader' | 'senior' | 'arbiter'
  opened_at: string | null
  submitted_at: string | null
  can_amend: boolean
  n_images: number
}

/** An answer to an exam of the training; ``confirmed`` are keys of violations that ask back. */
export type TrainingAnswerIn = {
  reading: ReadingIn
  confirmed?: string[]
  seconds?: Record<string, unknown>
}

/** A breast; of what was planted null is not compared, of what was given not answered. */
export type TrainingBreastOut = {
  laterality: 'L' | 'R'
  planted_birads: number | null
  given_birads: number | null
  planted_density: string | null
  given_density: string | null
}

/** A finding that was planted, or marked, or both. */
export type TrainingFindingOut = {
  image_id: string
  outcome: 'found' | 'missed' | 'extra'
  planted: ReadingFindingOut | null
  given: ReadingFindingOut | null
}

/** An exam of the training; the score is null until it is answered in this round. */
export type TrainingItemOut = {
  number: number
  score: ScoreOut | null
}

/** Where a person is in the training; without exams where none were made. */
export type TrainingOut = {
  round: number
  exams: TrainingItemOut[]
  score: ScoreOut
  is_complete: boolean
  next_number: number | null
  finished_at: string | null
  is_required: boolean
}

/** What was seen of an image: the share of the breast at 1:1 or larger, and for how many seconds of work. */
export type ViewedIn = {
  share_at_full: number
  seconds: number
  seconds_at_full: number
}

/** What its reader has seen of an image: the share of the breast at 1:1 or larger, and seconds of work. */
export type ViewedOut = {
  share_at_full: number
  seconds: number
  seconds_at_full: number
}

/** A VOI look-up table: its first input, the bits of its entries, and those as base64 of 16 bits, little endian. */
export type VoiLutOut = {
  first: number
  bits: number
  explanation: string
  data: string
}

/** A window in output units of the modality transformation; the explanation is empty where there is none. */
export type WindowOut = {
  center: number
  width: number
  explanation: string
}

/** Take an exam from a person. */
export type WithdrawalIn = {
  study_id: string
  name: string
  role?: 'reader' | 'senior' | 'arbiter'
  reason: string
}

/** A person's list, in the order of the draw; the counts are of the whole list. */
export type WorklistOut = {
  items: TaskOut[]
  counts: CountsOut
  next_study_id: string | null
}

/** Findings of A and B, by their places in the readings, that mean the same; one of them null: without partner. */
export type ArbitrationPairOut = {
  a_index: number | null
  b_index: number | null
  image_id: string
}

/** The same for boxes of one category. */
export type DashboardBodiesCategoryOut = {
  n: number
  observed: number | null
  low: number | null
  high: number | null
  note: string
  n_matched: number
  f1: number | null
  f1_images: number | null
  mean_iou: number | null
  category: string
}

/** Agreement of two readers over `n` exams. */
export type DashboardBodiesPairOut = {
  first: string
  second: string
  n: number
  fields: Record<string, KappaOut>
  findings: FindingsOut
}

/** A category of findings. */
export type LabelsCategoryOut = {
  name: string
  definition: string
  needs_birads: boolean
  group: string
  once_per_breast: boolean
}

/** An answer about a breast; null is not answered. */
export type ReadingBreastOut = {
  laterality: 'L' | 'R'
  birads: number | null
  density: string | null
}

/** An exam to be read; the standard views in hanging order, then further ones. */
export type ReadingExamOut = {
  study_id: string
  number: number
  role: 'reader' | 'senior' | 'arbiter'
  labels_version: string
  images: ExamImageOut[]
  priors: PriorOut[]
}

/** A finding: xmin, ymin, xmax, ymax in stored pixels, half-open. */
export type ReadingFindingOut = {
  image_id: string
  box: number[]
  categories: string[]
  birads: number | null
}

/** What is said of a breast; null where it is not known or not to be told yet. */
export type ApiBreastOut = {
  laterality: string
  birads: number | null
  density: string | null
}

/** An approved exam; without breasts and findings while its answer must not be told. */
export type ApiExamOut = {
  number: number
  study_id: string
  patient_id: string
  age_years: number | null
  vendor: string | null
  state: string
  fold: string | null
  has_reference: boolean
  breasts: ApiBreastOut[]
  n_findings: number | null
}

/** A reference finding: a box in stored pixels, half-open, origin at the top left. */
export type ApiFindingOut = {
  image_id: string
  categories: string[]
  birads: number | null
  xmin: number
  ymin: number
  xmax: number
  ymax: number
}
