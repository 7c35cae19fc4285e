// Every key of the client is a row here. The help overlay prints this table, and words/*/keys.ts must name each row.

export type Scope = 'everywhere' | 'worklist' | 'training' | 'feedback' | 'review' | 'values' | 'images' | 'regions' | 'administration' | 'viewing' | 'marking' | 'breast' | 'finding' | 'arbitrating'

export interface Binding {
  readonly id: string
  readonly scope: Scope
  /** Names as `KeyboardEvent.key` has them; any of them. `Shift+a` is the capital letter, where that is another key. `Ctrl+z` is also that of ⌘. */
  readonly keys: readonly string[]
  /** Does nothing while it is held down, but the first time. */
  readonly isOnce?: true
}

export const KEYS = [
  { id: 'showHelp', scope: 'everywhere', keys: ['?'] },
  { id: 'openNext', scope: 'worklist', keys: ['n'] },
  { id: 'rowDown', scope: 'worklist', keys: ['j', 'ArrowDown'] },
  { id: 'rowUp', scope: 'worklist', keys: ['k', 'ArrowUp'] },
  { id: 'showNew', scope: 'worklist', keys: ['1'] },
  { id: 'showInProgress', scope: 'worklist', keys: ['2'] },
  { id: 'showDone', scope: 'worklist', keys: ['3'] },
  // training
  { id: 'trainingNext', scope: 'training', keys: ['n'] },
  { id: 'trainingAgain', scope: 'training', keys: ['a'], isOnce: true },
  { id: 'trainingDown', scope: 'training', keys: ['j', 'ArrowDown'] },
  { id: 'trainingUp', scope: 'training', keys: ['k', 'ArrowUp'] },
  { id: 'feedbackOn', scope: 'feedback', keys: ['Enter'], isOnce: true },
  { id: 'feedbackNext', scope: 'feedback', keys: ['j'] },
  { id: 'feedbackBefore', scope: 'feedback', keys: ['k'] },
  { id: 'feedbackBoxes', scope: 'feedback', keys: ['b'] },
  // review
  { id: 'reviewStart', scope: 'review', keys: ['n'] },
  { id: 'valueDown', scope: 'values', keys: ['j', 'ArrowDown'] },
  { id: 'valueUp', scope: 'values', keys: ['k', 'ArrowUp'] },
  { id: 'valueApprove', scope: 'values', keys: ['a'], isOnce: true },
  { id: 'elementApprove', scope: 'values', keys: ['Shift+a'], isOnce: true },
  { id: 'valueReject', scope: 'values', keys: ['r'], isOnce: true },
  { id: 'elementReject', scope: 'values', keys: ['Shift+r'], isOnce: true },
  { id: 'valueUndo', scope: 'values', keys: ['u'], isOnce: true },
  { id: 'elementOpen', scope: 'values', keys: ['Enter', 'ArrowRight'] },
  { id: 'elementClose', scope: 'values', keys: ['Escape', 'ArrowLeft'] },
  { id: 'elementNext', scope: 'values', keys: ['n'] },
  { id: 'valuesPage', scope: 'values', keys: [' ', 'PageDown'] },
  { id: 'valueExample', scope: 'values', keys: ['e'] },
  { id: 'valuesFilter', scope: 'values', keys: ['/'] },
  { id: 'imagesApprove', scope: 'images', keys: ['a'], isOnce: true },
  { id: 'imageReject', scope: 'images', keys: ['r'], isOnce: true },
  { id: 'imagesUndo', scope: 'images', keys: ['u'], isOnce: true },
  { id: 'imageLeft', scope: 'images', keys: ['ArrowLeft'] },
  { id: 'imageRight', scope: 'images', keys: ['ArrowRight'] },
  { id: 'imageUp', scope: 'images', keys: ['ArrowUp'] },
  { id: 'imageDown', scope: 'images', keys: ['ArrowDown'] },
  { id: 'imageLooks', scope: 'images', keys: ['v'] },
  { id: 'imageEnlarge', scope: 'images', keys: ['Enter'] },
  { id: 'imageFull', scope: 'images', keys: ['z'] },
  { id: 'imageBack', scope: 'images', keys: ['Escape'] },
  { id: 'screenNext', scope: 'images', keys: ['n', 'PageDown'] },
  { id: 'screenBefore', scope: 'images', keys: ['p', 'PageUp'] },
  { id: 'fewer', scope: 'images', keys: ['+', '='] },
  { id: 'more', scope: 'images', keys: ['-'] },
  { id: 'listNext', scope: 'images', keys: [']'] },
  { id: 'listBefore', scope: 'images', keys: ['['] },
  { id: 'regionMask', scope: 'regions', keys: ['m'], isOnce: true },
  { id: 'regionKeep', scope: 'regions', keys: ['k'], isOnce: true },
  { id: 'regionUndo', scope: 'regions', keys: ['u'], isOnce: true },
  { id: 'regionReveal', scope: 'regions', keys: ['v'] },
  { id: 'regionNext', scope: 'regions', keys: ['ArrowRight', 'ArrowDown'] },
  { id: 'regionBefore', scope: 'regions', keys: ['ArrowLeft', 'ArrowUp'] },
  // people, assignments, events
  { id: 'addPerson', scope: 'administration', keys: ['a'] },
  { id: 'drawPeople', scope: 'administration', keys: ['d'] },
  { id: 'findInList', scope: 'administration', keys: ['/'] },
  { id: 'pageBefore', scope: 'administration', keys: ['['] },
  { id: 'pageAfter', scope: 'administration', keys: [']'] },
  // viewing
  { id: 'stageNext', scope: 'viewing', keys: ['n', 'PageDown'] },
  { id: 'stagePrevious', scope: 'viewing', keys: ['p', 'PageUp'] },
  { id: 'stageFirst', scope: 'viewing', keys: ['Home'] },
  { id: 'viewOneToOne', scope: 'viewing', keys: ['x'] },
  { id: 'viewTrueSize', scope: 'viewing', keys: ['t'] },
  { id: 'viewReset', scope: 'viewing', keys: ['r'] },
  { id: 'viewLarger', scope: 'viewing', keys: ['+', '='] },
  { id: 'viewSmaller', scope: 'viewing', keys: ['-'] },
  { id: 'viewLeft', scope: 'viewing', keys: ['ArrowLeft'] },
  { id: 'viewRight', scope: 'viewing', keys: ['ArrowRight'] },
  { id: 'viewUp', scope: 'viewing', keys: ['ArrowUp'] },
  { id: 'viewDown', scope: 'viewing', keys: ['ArrowDown'] },
  { id: 'greyInvert', scope: 'viewing', keys: ['i'] },
  { id: 'greyWindow', scope: 'viewing', keys: ['w'] },
  { id: 'greyBrighter', scope: 'viewing', keys: ['.'] },
  { id: 'greyDarker', scope: 'viewing', keys: [','] },
  { id: 'greyHarder', scope: 'viewing', keys: [']'] },
  { id: 'greySofter', scope: 'viewing', keys: ['['] },
  { id: 'viewLens', scope: 'viewing', keys: ['m'] },
  { id: 'viewLink', scope: 'viewing', keys: ['l'] },
  { id: 'viewPriors', scope: 'viewing', keys: ['`'] },
  { id: 'viewTexts', scope: 'viewing', keys: ['h'] },
  // marking: on the same page as viewing
  { id: 'sideSwitch', scope: 'marking', keys: ['s'] },
  { id: 'findingNext', scope: 'marking', keys: ['j'] },
  { id: 'findingBefore', scope: 'marking', keys: ['k'] },
  { id: 'findingDraw', scope: 'marking', keys: ['o'], isOnce: true },
  { id: 'definitionsShow', scope: 'marking', keys: ['/'], isOnce: true },
  { id: 'commentWrite', scope: 'marking', keys: [';'] },
  { id: 'markingUndo', scope: 'marking', keys: ['z', 'Ctrl+z'] },
  { id: 'markingRedo', scope: 'marking', keys: ['Shift+z', 'Ctrl+y'] },
  { id: 'answerSubmit', scope: 'marking', keys: ['Enter'], isOnce: true },
  { id: 'examFlag', scope: 'marking', keys: ['f'], isOnce: true },
  { id: 'breastBirads', scope: 'breast', keys: ['0', '1', '2', '3', '4', '5', '6'], isOnce: true },
  { id: 'breastDensity', scope: 'breast', keys: ['a', 'b', 'c', 'd'], isOnce: true },
  { id: 'drawingStop', scope: 'breast', keys: ['Escape'] },
  { id: 'findingBirads', scope: 'finding', keys: ['0', '1', '2', '3', '4', '5', '6'], isOnce: true },
  { id: 'findingCategory', scope: 'finding', keys: ['a', 'b', 'c', 'd', 'e', 'g', 'q', 'u', 'v', 'y'], isOnce: true },
  { id: 'findingNipple', scope: 'finding', keys: ['\\'], isOnce: true },
  { id: 'findingRemove', scope: 'finding', keys: ['Delete', 'Backspace'], isOnce: true },
  { id: 'findingLeave', scope: 'finding', keys: ['Escape'] },
  { id: 'differenceNext', scope: 'arbitrating', keys: ['7'] },
  { id: 'takeA', scope: 'arbitrating', keys: ['8'], isOnce: true },
  { id: 'takeB', scope: 'arbitrating', keys: ['9'], isOnce: true },
  { id: 'takeAgreed', scope: 'arbitrating', keys: ["'"], isOnce: true },
] as const satisfies readonly Binding[]

/** Scopes that listen at the same time, besides `everywhere`. */
export const TOGETHER: readonly (readonly Scope[])[] = [
  ['viewing', 'marking', 'arbitrating', 'breast'],
  ['viewing', 'marking', 'arbitrating', 'finding'],
  ['viewing', 'feedback'],
]

export type KeyId = (typeof KEYS)[number]['id']
export type KeyIdOf<S extends Scope> = Extract<(typeof KEYS)[number], { scope: S }>['id']
