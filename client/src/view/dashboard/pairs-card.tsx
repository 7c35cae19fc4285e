import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Pair } from '#schema/administering.ts'
import { edgesOf, estimateOf, type Field, FIELDS, namesIn, rankedPairs } from '#state/progress.ts'
import type { Words } from '#words/index.ts'
import { Card } from '../parts/card.tsx'
import { Choice } from '../parts/choice.tsx'
import { Estimates } from '../plots/estimates.tsx'
import { Matrix } from '../plots/matrix.tsx'
import { axisOver, STEPS } from '../plots/scale.ts'
import { useFormats, useWords } from '../words.ts'
import css from './dashboard.module.css'
import { fieldName } from './field-name.ts'

interface PairsCardProps {
  title: string
  about?: string
  pairs: readonly Pair[]
  /** Whether the second of each pair are the final answers. */
  isWithReference?: boolean
}

/** Readers whose matrix leaves room for the plot beside it. */
const MOST_BESIDE = 7

/** Agreement of each pair in one field at a time: as dots with whiskers, and at a glance where there are many. */
export function PairsCard({ title, about, pairs, isWithReference = false }: PairsCardProps) {
  const words = useWords()
  const { pairs: said } = words.dashboard.agreement
  const [field, choose] = useState<Field>('birads')
  const options = FIELDS.map((value) => ({ value, name: fieldName(value, words) }))
  const nNames = namesIn(pairs).length
  const isMatrix = !isWithReference && pairs.length >= nNames && pairs.length > 2
  return (
    <Card title={title}>
      {about !== undefined && <p className={css.about}>{about}</p>}
      <Choice label={said.question} options={options} chosen={field} onChoose={choose} />
      <p className={css.after}>
        {field === 'findings' ? said.about.findings : said.about[field === 'recall' ? 'plain' : 'weighted']}
        {pairs.length > 1 && ` ${said.lowest}`}
      </p>
      <div className={css.pairs} data-beside={(isMatrix && nNames <= MOST_BESIDE) || undefined}>
        {isMatrix && <Glance pairs={pairs} field={field} />}
        <PairEstimates title={title} pairs={pairs} field={field} isWithReference={isWithReference} />
      </div>
    </Card>
  )
}

function Glance({ pairs, field }: { pairs: readonly Pair[]; field: Field }) {
  const { pairs: words } = useWords().dashboard.agreement
  const formats = useFormats()
  const cells = pairs.map((pair) => ({ first: pair.first, second: pair.second, value: estimateOf(pair, field).value }))
  return <Matrix caption={words.matrix} names={namesIn(pairs)} cells={cells} format={formats.decimal} />
}

/** Of more pairs than `MANY` only the `FEW` that agree least are shown at first. */
const MANY = 20
const FEW = 15

interface PairEstimatesProps {
  title: string
  pairs: readonly Pair[]
  field: Field
  isWithReference: boolean
}

function PairEstimates({ title, pairs, field, isWithReference }: PairEstimatesProps) {
  const words = useWords()
  const { agreement } = words.dashboard
  const formats = useFormats()
  const [isWhole, showWhole] = useState(false)
  const rows = rankedPairs(pairs, field).map(({ pair, estimate }) => ({
    id: `${pair.first}\n${pair.second}`,
    name: isWithReference ? pair.first : agreement.pairs.pairOf(pair.first, pair.second),
    estimate,
    more: moreOf(pair, field).map((value, place) => written(value, place === 0 ? formats.percent : formats.decimal)),
  }))
  const isCut = !isWhole && rows.length > MANY
  return (
    <div>
      <Estimates
        caption={`${title}: ${fieldName(field, words)}`}
        rows={isCut ? rows.slice(0, FEW) : rows}
        axis={axisOver(edgesOf(rows.map(({ estimate }) => estimate)), STEPS.share, 0, 1)}
        format={formats.decimal}
        formatTick={formats.short}
        heads={headsOf(field, isWithReference, agreement)}
      />
      {isCut && (
        <Button variant="default" size="compact-sm" mt={12} onClick={() => showWhole(true)}>
          {agreement.pairs.showAll(formats.number(rows.length))}
        </Button>
      )}
    </div>
  )
}

function headsOf(field: Field, isWithReference: boolean, words: Words['dashboard']['agreement']) {
  const name = isWithReference ? words.seniors.reader : words.pairs.pair
  if (field === 'findings') return { name, value: words.findings.f1, n: words.findings.n, more: [words.findings.iou] }
  const more = field === 'recall' ? [words.same] : [words.same, words.pairs.plainKappa]
  return { name, value: words.pairs.kappa, n: words.breasts, more }
}

/** Further numbers of a pair: the share of same answers and the plain kappa; of findings their mean overlap. */
function moreOf(pair: Pair, field: Field): (number | null)[] {
  if (field === 'findings') return [pair.findings.mean_iou]
  const found = pair.fields[field]
  const share = found?.observed ?? null
  return field === 'recall' ? [share] : [share, found?.kappa ?? null]
}

function written(value: number | null, format: (value: number) => string): string {
  return value === null ? '–' : format(value)
}
