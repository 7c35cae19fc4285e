// A reader at an exam: the draft, where its keys go, what is still wrong, and how it comes to the server.

import type { Box, Reading, Seconds, Viewed, Violation } from '#schema/marking.ts'
import { disputed, isDecided, type Item, nextUndecided, recognized, taken, withAgreed } from './arbitrating.ts'
import { firstSnapshot, violationsOf } from './desk-begin.ts'
import type { Answered, DeskPorts, FlagSent, Seat, Snapshot } from './desk-parts.ts'
import { type Change, type Draft, draftOf, readingOf, SIDES } from './draft.ts'
import { type History, isPast, redone, toBeKept, undone, withChange } from './draft-history.ts'
import { type Conflict, conflictOf, DraftKeeper, isGone, isStaleToken } from './draft-keeper.ts'
import { isSignedOut, mayPass } from './problems.ts'
import { type OnScreen, WorkClock } from './reading-clock.ts'
import { afterAnswer, fieldOf, firstOf, markBeside, type Place, placeIn, placeOf, stillConfirmed } from './reading-order.ts'
import type { Waits } from './reading-start.ts'

const LOOK_MS = 400

export class Desk {
  readonly seat: Seat
  readonly #ports: DeskPorts
  readonly #keeper: DraftKeeper
  readonly #clock: WorkClock
  readonly #listeners = new Set<() => void>()
  #snapshot: Snapshot
  #stage: string | null
  #view: unknown
  /** How the answer waits to be sent, until it is changed. */
  #waits: Waits | null
  /** Whether nothing is to be kept in the browser any more, until something changes. */
  #isRetired = false
  #cancelLook: (() => void) | null = null

  constructor(seat: Seat, ports: DeskPorts) {
    this.seat = seat
    this.#ports = ports
    const { start, phase } = seat
    this.#clock = new WorkClock(start.seconds, start.viewed, ports.now())
    ;[this.#stage, this.#view, this.#waits] = [start.stage, start.view, start.waits ?? null]
    this.#snapshot = firstSnapshot(seat)
    const content = () => ({ reading: this.reading, ...this.work, stage: this.#stage })
    this.#keeper = new DraftKeeper(content, start.version, start.isUnsaved && phase === 'open', { ...ports, onChange: () => this.#saved(), isPast: (reading) => isPast(this.#snapshot.history, reading) })
    if (phase !== 'open') this.#keeper.stop()
    if (start.conflict !== null) this.#keeper.meets(start.conflict)
    this.#become({ saving: this.#keeper.saving })
  }

  readonly snapshot = (): Snapshot => this.#snapshot

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get draft(): Draft {
    return this.#snapshot.history.present
  }

  get reading(): Reading {
    return readingOf(this.draft)
  }

  get view(): unknown {
    return this.#view
  }

  /** The stage that was shown last; null at first. */
  get stage(): string | null {
    return this.#stage
  }

  /** Whether the answer is in, and nobody is changing it. */
  get isOver(): boolean {
    return this.#snapshot.phase === 'done' || this.#snapshot.phase === 'frozen'
  }

  /** How long one has worked so far, and what one has seen. */
  get work(): { seconds: Seconds; viewed: Viewed } {
    const now = this.#ports.now()
    return { seconds: this.#clock.seconds(now), viewed: this.#clock.viewed(now) }
  }

  get mayChange(): boolean {
    const { phase, isSubmitting, conflict } = this.#snapshot
    return (phase === 'open' || phase === 'amending') && !isSubmitting && conflict === null
  }

  /** @param run Changes of one run are undone together. */
  change(change: Change, run: string | null = null): void {
    if (this.mayChange) this.#turn(withChange(this.#snapshot.history, change, run))
  }

  undo(): void {
    if (this.mayChange) this.#turn(undone(this.#snapshot.history))
  }

  redo(): void {
    if (this.mayChange) this.#turn(redone(this.#snapshot.history))
  }

  /** Answer by a key: the same change, and on to what is not answered. */
  answer(change: Change): void {
    this.change(change)
    this.#become({ active: afterAnswer(this.draft, this.#snapshot.active) })
  }

  activate(active: Place): void {
    this.#become({ active: placeIn(this.draft, active) })
  }

  stepMark(by: number): void {
    this.activate(markBeside(this.draft, this.#snapshot.active, by))
  }

  draw(isDrawing: boolean): void {
    this.#become({ isDrawing: isDrawing && this.mayChange })
  }

  /** A rectangle was drawn: it is a finding, and keys answer it. */
  mark(imageId: string, box: Box): void {
    this.change({ do: 'mark', imageId, box })
    const added = this.draft.marks.at(-1)
    if (added !== undefined) this.#become({ active: { kind: 'mark', id: added.id }, isDrawing: false })
  }

  take(item: Item, from: 'a' | 'b'): void {
    this.change({ do: 'become', draft: taken(this.draft, item, from) })
    const mark = this.draft.marks.find((one) => one.item === item.key)
    const active: Place = mark === undefined ? { kind: 'breast', side: item.side } : { kind: 'mark', id: mark.id }
    this.#become({ item: item.key, active })
  }

  takeAgreed(): void {
    this.change({ do: 'become', draft: withAgreed(this.draft, this.seat.items) })
  }

  look(item: string | null): void {
    this.#become({ item })
  }

  /** To the next difference that is not decided, else to the next one. */
  nextItem(): void {
    const differing = disputed(this.seat.items)
    const at = differing.findIndex(({ key }) => key === this.#snapshot.item)
    const next = nextUndecided(differing, this.draft, this.#snapshot.item) ?? differing[(at + 1) % Math.max(1, differing.length)]
    if (next !== undefined) this.#become({ item: next.key, active: this.#placeOfItem(next) })
  }

  ask(asking: Snapshot['asking']): void {
    this.#become({ asking, refusal: null })
  }

  confirm(): void {
    const keys = this.#snapshot.violations.filter(({ level }) => level === 'confirm').map(({ key }) => key)
    const confirmed = new Set([...this.#snapshot.confirmed, ...keys])
    this.#become({ confirmed, violations: violationsOf(this.seat, this.draft, confirmed), asking: null })
    this.#keep()
    void this.submit()
  }

  /** To what is wrong, where the form has a place for it. */
  lead(violation: Violation): boolean {
    const place = placeOf(this.draft, violation)
    if (place !== null) this.#become({ active: place, wanted: { place, field: fieldOf(violation) } })
    return place !== null
  }

  /** From an answer that is in already to the next exam. */
  goOn(): void {
    if (this.isOver) this.#ports.onDone(null, false)
  }

  startAmending(): void {
    if (this.#snapshot.phase === 'done') this.#become({ phase: 'amending' })
  }

  /** Submit, or go to what is missing first. */
  async submit(): Promise<void> {
    if (!this.mayChange || this.#goToMissing()) return
    if (this.#snapshot.phase === 'amending') return this.ask('reason')
    const { submit } = this.#ports
    if (submit !== null || this.#keeper.isSaving) {
      this.#become({ isSubmitting: true, refusal: null, isDrawing: false })
      await this.#keeper.settled()
    }
    if (submit === null) return this.#give()
    const { version } = this.#keeper
    await this.#deliver(() => submit({ ...this.#answer(), version }), { state: 'submission' })
  }

  async amend(reason: string): Promise<void> {
    this.#become({ isSubmitting: true, refusal: null })
    await this.#deliver(() => this.#ports.amend({ ...this.#answer(), reason }), { state: 'amended', reason })
  }

  async flag(flag: FlagSent): Promise<void> {
    this.#become({ isSubmitting: true, refusal: null })
    try {
      await this.#keeper.settled()
      await this.#ports.flag(flag)
      this.#leave(null, true)
    } catch (error) {
      this.#refused(error)
    }
  }

  keepMine(): void {
    this.#become({ conflict: null })
    this.#keeper.settle(true)
    this.#saved()
  }

  /** The other version; one's own can be had back by undoing. */
  takeOther(): void {
    const { conflict, history } = this.#snapshot
    if (conflict === null) return
    const sides = SIDES.filter((side) => history.present.breasts[side] !== undefined)
    const draft = recognized(draftOf(sides, conflict.reading, {}, history.present.nipples), this.seat.items)
    this.#keeper.settle(false)
    this.#become({ conflict: null })
    this.#turn(withChange(history, { do: 'become', draft }), true)
  }

  /** The stage that is shown, and the images. */
  enter(stage: string, images?: OnScreen): void {
    this.#clock.enter(stage, this.#ports.now(), images)
    if (stage === this.#stage) return
    const isFirst = this.#stage === null
    this.#stage = stage
    if (!isFirst && this.#snapshot.phase === 'open') this.#keeper.touch()
    this.#keep()
  }

  /** How images are looked at now, to be looked at so again after a reload, and how much of each was seen at 1:1. */
  see(view: unknown, shares: ReadonlyMap<string, number>): void {
    this.#view = view
    for (const [id, share] of shares) this.#clock.cover(id, share)
    this.#cancelLook ??= this.#ports.later(() => {
      this.#cancelLook = null
      this.#keep()
    }, LOOK_MS)
  }

  sign(): void {
    this.#clock.sign(this.#ports.now())
  }

  show(isSeen: boolean): void {
    this.#clock.show(isSeen, this.#ports.now())
    if (!isSeen) this.saveNow(true)
  }

  /** Save what is not saved, in the browser too. `isLast`: the page may be going away. */
  saveNow(isLast = false): void {
    if (this.#snapshot.phase === 'open' || this.#snapshot.phase === 'amending') this.#keep(isLast)
    void this.#keeper.now(isLast)
  }

  /** Save, and once the server has it keep nothing of it here: its reader signs out. */
  async retire(): Promise<void> {
    this.saveNow()
    await this.#keeper.now()
    this.#isRetired = !this.#keeper.isUnsaved
  }

  dispose(): void {
    this.saveNow()
    this.#cancelLook?.()
    this.#keeper.stop()
    this.#listeners.clear()
  }

  #placeOfItem(item: Item): Place {
    const mark = this.draft.marks.find((one) => one.item === item.key)
    return mark === undefined ? { kind: 'breast', side: item.side } : { kind: 'mark', id: mark.id }
  }

  #answer() {
    const { confirmed } = this.#snapshot
    return { reading: this.reading, confirmed: [...confirmed], ...this.work }
  }

  #goToMissing(): boolean {
    const { violations } = this.#snapshot
    const open = disputed(this.seat.items).find((item) => !isDecided(item, this.draft))
    if (open !== undefined) {
      this.#become({ item: open.key, active: this.#placeOfItem(open), wanted: { place: this.#placeOfItem(open), field: open.about === 'finding' ? 'box' : open.about } })
      return true
    }
    const first = firstOf(this.draft, violations.filter(({ level }) => level === 'error'))
    if (first !== null && this.lead(first)) return true
    if (violations.length > 0) this.ask('confirm')
    return violations.length > 0
  }

  /** Send it; where the server is not there it waits here. */
  async #deliver(send: () => Promise<Answered>, waits: Waits): Promise<void> {
    try {
      const { next_study_id: next } = await send()
      this.#leave(next, true)
    } catch (error) {
      if (!mayPass(error)) return this.#refused(error)
      this.#waits = waits
      this.#keep()
      this.#leave(null, false)
    }
  }

  /** Leave it to be sent, whatever becomes of this page. */
  #give(): void {
    this.#waits = { state: 'submission' }
    this.#keep(true)
    this.#leave(null, false)
  }

  #leave(next: string | null, isSent: boolean): void {
    this.#keeper.stop()
    this.#cancelLook?.()
    this.#cancelLook = null
    if (isSent) this.#ports.drop()
    this.#become({ isSubmitting: false, asking: null, phase: 'frozen', saving: 'saved' })
    this.#ports.onDone(next, isSent)
  }

  #refused(error: unknown): void {
    const conflict = conflictOf(error)
    this.#become({ isSubmitting: false, refusal: conflict === null ? error : null })
    if (conflict !== null) this.#meets(conflict)
    else if (isGone(error)) this.#gone()
    else if (isStaleToken(error)) void this.#ports.onStaleToken()
    else if (isSignedOut(error)) this.#ports.onSignedOut()
    else void this.#keeper.now()
  }

  /** Another version that says the same is none to be asked about. */
  #meets(conflict: Conflict): void {
    this.#keeper.meets(conflict)
    if (this.#keeper.conflict === null) void this.submit()
  }

  #gone(): void {
    this.#keeper.stop()
    this.#ports.drop()
    this.#become({ saving: 'gone' })
  }

  #turn(history: History, isSaved = false): void {
    const before = this.#snapshot.history.present
    if (history.present === before) return
    ;[this.#isRetired, this.#waits] = [false, null]
    const confirmed = stillConfirmed(this.#snapshot.confirmed, before, history.present)
    const active = placeIn(history.present, this.#snapshot.active)
    this.#become({ history, confirmed, active, violations: violationsOf(this.seat, history.present, confirmed) })
    if (!isSaved && this.#snapshot.phase === 'open') this.#keeper.touch()
    this.#keep()
  }

  #saved(): void {
    const { saving, conflict, problem } = this.#keeper
    this.#become({ saving, conflict, ...(saving === 'refused' ? { refusal: problem } : {}) })
    if (saving === 'gone') this.#ports.drop()
    else if (saving === 'saved') this.#keep()
  }

  #keep(isLast = false): void {
    const { phase, confirmed, saving } = this.#snapshot
    if (this.#isRetired || saving === 'gone' || phase === 'done' || phase === 'frozen') return
    const { exam, name, list } = this.seat
    const kept = {
      name,
      study_id: exam.study_id,
      number: exam.number,
      list,
      state: phase === 'amending' ? ('amendment' as const) : ('draft' as const),
      ...this.#waits,
      reading: this.reading,
      history: toBeKept(this.#snapshot.history),
      decided: this.draft.decided,
      nipples: this.draft.nipples,
      version: this.#keeper.version,
      isUnsaved: this.#waits !== null || phase === 'amending' || this.#keeper.isUnsaved,
      ...this.work,
      stage: this.#stage,
      confirmed: [...confirmed],
      view: this.#view,
    }
    this.#ports.keep(kept, isLast)
  }

  #become(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change }
    for (const listener of this.#listeners) listener()
  }
}
