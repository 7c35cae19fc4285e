import { useEffect, useState } from 'react'
import type { Region, RegionVerdict } from '#schema/review.ts'
import { useRegions } from '#state/review.ts'
import type { Saying } from '#state/review-outbox.ts'
import { type Previews, usePreview, usePreviews, usePreviewsAhead } from '#state/review-previews.ts'
import { Problem } from '#state/problems.ts'
import { saidOfRegions } from '#state/review-verdicts.ts'
import { useOutbox, useSender } from '#state/review-saying.ts'
import { Loaded } from '../parts/loaded.tsx'
import { useKeys } from '../shell/use-keys.ts'
import { useWords } from '../words.ts'
import { Crop } from './crop.tsx'
import { Act, Foot } from './foot.tsx'
import { ListEmpty, ListEnd } from './list-end.tsx'
import css from './review.module.css'
import { LOOK_MS } from './use-ready.ts'
import { useNotice } from './use-notice.ts'
import { NoticeLine } from './work-bar.tsx'

const AHEAD = 6
const isRegion = (saying: Saying) => saying.kind === 'region'

export function RegionsWork() {
  const sender = useSender()
  const regions = useRegions()
  useEffect(() => sender.forget(isRegion), [sender])
  return (
    <Loaded query={regions} skeleton={<div className={css.stage} aria-busy="true" />}>
      {(found) => (found.length === 0 ? <ListEmpty list="regions" /> : <Regions regions={found} onAgain={() => void regions.refetch()} />)}
    </Loaded>
  )
}

/** Where a reviewer is among the regions, and what they do there. */
function useRegionsWork(regions: readonly Region[], previews: Previews) {
  const { review, reviewRegions: words } = useWords()
  const sender = useSender()
  const outbox = useOutbox(sender)
  const [notice, say] = useNotice()
  const [at, setAt] = useState(0)
  const said = saidOfRegions(outbox.entries)
  const region = regions[at]
  const isReady = useLooked(previews, region)
  const decide = (verdict: RegionVerdict) => {
    if (region === undefined) return
    if (!isReady) return say(words.notPainted)
    sender.say([{ kind: 'region', region_id: region.region_id, verdict }])
    say(null)
    const order = regions.map((_, n) => (at + 1 + n) % regions.length)
    const next = order.find((n) => n !== at && !said.has(regions[n]?.region_id ?? ''))
    setAt(next ?? regions.length)
  }
  const undo = () => {
    const undone = sender.undo()
    if (undone === null) return say(review.nothingToUndo)
    const first = undone.sayings[0]
    const place = regions.findIndex((one) => first?.kind === 'region' && one.region_id === first.region_id)
    if (place >= 0) setAt(place)
    return say(undone.isRecorded ? review.undoneRecorded : review.undone(1), undone.isRecorded ? 'mark' : 'good')
  }
  const move = (by: 1 | -1) => setAt(Math.min(Math.max(at + by, 0), regions.length - 1))
  return { at, region, said, outbox, isReady, notice, decide, undo, move }
}

function Regions({ regions, onAgain }: { regions: readonly Region[]; onAgain: () => void }) {
  const { review, reviewRegions: words } = useWords()
  const previews = usePreviews()
  const [isRevealed, reveal] = useState(false)
  const { at, region, said, outbox, isReady, notice, decide, undo, move } = useRegionsWork(regions, previews)
  usePreviewsAhead(previews, regions.slice(at, at + AHEAD).flatMap((one) => one.crop_url ?? []))
  useKeys('regions', {
    regionMask: () => decide('mask'),
    regionKeep: () => decide('keep'),
    regionUndo: undo,
    regionReveal: () => reveal(!isRevealed),
    regionNext: () => move(1),
    regionBefore: () => move(-1),
  })
  return (
    <>
      <RegionAbout region={region} place={at} count={regions.length} />
      <div className={css.stage} data-ready={isReady}>
        {region === undefined ? (
          <ListEnd hasOpen={false} onAgain={onAgain} />
        ) : (
          <Crop
            region={region}
            previews={previews}
            isRevealed={isRevealed}
            verdict={said.get(region.region_id)}
            fault={outbox.faults.get(region.region_id)}
          />
        )}
      </div>
      <NoticeLine notice={notice} />
      <Foot>
        <Act sign="M" kind="reject" name={words.mask} isOff={!isReady} onClick={() => decide('mask')} />
        <Act sign="K" kind="approve" name={words.keep} isOff={!isReady} onClick={() => decide('keep')} />
        <Act sign="U" name={review.undo} onClick={undo} />
        <span className={css.footGap} />
        <Act sign="V" name={words.reveal} isPressed={isRevealed} onClick={() => reveal(!isRevealed)} />
      </Foot>
    </>
  )
}

function RegionAbout({ region, place, count }: { region: Region | undefined; place: number; count: number }) {
  const { reviewRegions: words } = useWords()
  if (region === undefined) return <div className={css.about} />
  return (
    <div className={css.about}>
      <strong>{words.question}</strong>
      <span className={css.quiet}>
        {place + 1} / {count} · {words.where(region.box.join(', '))}
      </span>
    </div>
  )
}

/** Whether the crop has been on the screen long enough to be looked at; one that cannot be shown is never. */
function useLooked(previews: Previews, region: Region | undefined): boolean {
  const picture = usePreview(previews, region?.crop_url ?? '')
  const [looked, setLooked] = useState<string | null>(null)
  const isThere = picture !== undefined && !(picture instanceof Problem)
  const name = region?.region_id ?? null
  useEffect(() => {
    if (!isThere) return undefined
    const timer = setTimeout(() => setLooked(name), LOOK_MS)
    return () => clearTimeout(timer)
  }, [isThere, name])
  return isThere && looked === name
}
