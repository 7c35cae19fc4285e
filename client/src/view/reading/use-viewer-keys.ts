import type { RefObject } from 'react'
import type { Place } from '#hanging/frame.ts'
import { trueScale } from '#hanging/screen.ts'
import { placeAt } from '#hanging/sight.ts'
import { FIRST_LOOK, type Look } from '#pixels/grey.ts'
import { usePreferences } from '#state/preferences.ts'
import { useKeys } from '../shell/use-keys.ts'
import { screenNow } from './screen-now.ts'
import type { Hover } from './viewer.tsx'
import { windowMoved } from './viewport/pointing.ts'
import { following, greying, hungAnew, move, nextChoice, type Pane, paneOf, preceding, toOneToOne, toScale, toStage, turnedToPriors, type Viewing, zoom } from './viewport/viewing.ts'
import type { Viewport } from './viewport/viewport.ts'

/** Pixels of the page for one press of an arrow; share of a window for one of brightness; factor for one of zoom. */
const STEP = { move: 60, shift: 0.03, stretch: 1.12, zoom: 1.25 }

/** What keys and buttons do: to the image under the pointer, else to the first. */
export function actionsOf(viewport: Viewport, hover: RefObject<Hover>, screenInches: number | null) {
  const target = (viewing: Viewing): { pane: Pane; at: Place } | null => {
    const { imageId, at } = hover.current
    const under = imageId === null ? undefined : paneOf(viewing, imageId)
    const pane = under ?? viewing.panes[0]
    if (pane === undefined) return null
    return { pane, at: under === undefined ? pane.sight.center : placeAt(pane.frame, pane.rect, pane.sight, at) }
  }
  const act = (change: (viewing: Viewing, imageId: string, at: Place, pane: Pane) => Viewing | null) => () =>
    viewport.act((viewing) => {
      const found = target(viewing)
      return found === null ? null : change(viewing, found.pane.frame.imageId, found.at, found.pane)
    })
  const grey = (change: (look: Look) => Look) => act((viewing, imageId) => greying(viewing, imageId, change))
  const pan = (dx: number, dy: number) =>
    act((viewing, imageId, _, { frame, sight }) => {
      const outwards = frame.side === 'R' ? -dx : dx
      return move(viewing, imageId, (outwards * STEP.move) / sight.scale, (dy * STEP.move) / sight.scale)
    })
  return {
    // the last stage has no image to work on
    stageNext: () => viewport.act(following),
    stagePrevious: () => viewport.act(preceding),
    stageFirst: () => viewport.act((viewing) => toStage(viewing, 0)),
    viewOneToOne: act((viewing, imageId, at) => toOneToOne(viewing, imageId, at)),
    viewTrueSize: act((viewing, imageId, at) =>
      screenInches === null || !viewing.isToScale ? null : toScale(viewing, imageId, trueScale(screenNow(), screenInches), at),
    ),
    viewReset: act((viewing, imageId) => greying(hungAnew(viewing), imageId, () => FIRST_LOOK)),
    viewLarger: act((viewing, imageId, at) => zoom(viewing, imageId, STEP.zoom, at)),
    viewSmaller: act((viewing, imageId, at) => zoom(viewing, imageId, 1 / STEP.zoom, at)),
    viewLeft: pan(-1, 0),
    viewRight: pan(1, 0),
    viewUp: pan(0, -1),
    viewDown: pan(0, 1),
    greyInvert: grey((look) => ({ ...look, isInverted: !look.isInverted })),
    greyWindow: act(nextChoice),
    greyBrighter: grey((look) => windowMoved(look, -STEP.shift, 1)),
    greyDarker: grey((look) => windowMoved(look, STEP.shift, 1)),
    greyHarder: grey((look) => windowMoved(look, 0, 1 / STEP.stretch)),
    greySofter: grey((look) => windowMoved(look, 0, STEP.stretch)),
    viewPriors: () => viewport.act(turnedToPriors),
    viewLens: () => {
      const { imageId, at } = hover.current
      const isHeld = viewport.snapshot().lens !== null
      viewport.hold(isHeld || imageId === null ? null : { imageId, at })
    },
    viewLink: act((viewing) => ({ ...viewing, isLinked: !viewing.isLinked })),
  }
}

export function useActions(viewport: Viewport, hover: RefObject<Hover>) {
  return actionsOf(viewport, hover, usePreferences().screenInches)
}

export function useViewerKeys(viewport: Viewport, hover: RefObject<Hover>, onTexts: () => void): void {
  useKeys('viewing', { ...useActions(viewport, hover), viewTexts: onTexts })
}
