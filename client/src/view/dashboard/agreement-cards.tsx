import { Skeleton } from '@mantine/core'
import type { Agreement } from '#schema/administering.ts'
import { useAgreement } from '#state/dashboard.ts'
import { Problem } from '#state/problems.ts'
import { alphaOf, BREAST_FIELDS, edgesOf, findingEstimate } from '#state/progress.ts'
import { Card } from '../parts/card.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Nothing } from '../parts/nothing.tsx'
import { Estimates } from '../plots/estimates.tsx'
import { axisOver, STEPS } from '../plots/scale.ts'
import { useFormats, useWords } from '../words.ts'
import css from './dashboard.module.css'
import { fieldName } from './field-name.ts'
import { PairsCard } from './pairs-card.tsx'
import { Withheld } from './withheld.tsx'

/** Percents are wide. */
const PERCENT_TICKS = 5

/** How well the readers agree; asked for only by who may be told. */
export function AgreementCards() {
  const agreement = useAgreement(true)
  // The phase may have been opened to this person a moment ago, or closed to them: the server decides.
  if (agreement.error instanceof Problem && agreement.error.code === 'phase_open') return <Withheld />
  return (
    <Loaded query={agreement} skeleton={<Computing />}>
      {(found) => <Measured agreement={found} />}
    </Loaded>
  )
}

function Measured({ agreement }: { agreement: Agreement }) {
  const { agreement: words } = useWords().dashboard
  if (agreement.state === 'computing') return <Computing />
  if (agreement.n_studies === 0) {
    return (
      <Card>
        <Nothing title={words.none} detail={words.noneDetail} />
      </Card>
    )
  }
  return (
    <>
      <div className={css.half}>
        <AlphaCard agreement={agreement} />
      </div>
      <div className={css.half}>
        <DiscordanceCard agreement={agreement} />
      </div>
      {agreement.pairs.length > 0 && <PairsCard title={words.pairs.title} pairs={agreement.pairs} />}
      {agreement.findings !== null && <FindingsCard findings={agreement.findings} />}
      {agreement.seniors.length > 0 && (
        <PairsCard title={words.seniors.title} about={words.seniors.about} pairs={agreement.seniors} isWithReference />
      )}
      {agreement.state === 'stale' && (
        <p className={css.after} role="status">
          {words.stale}
        </p>
      )}
    </>
  )
}

function AlphaCard({ agreement }: { agreement: Agreement }) {
  const words = useWords()
  const { agreement: said } = words.dashboard
  const formats = useFormats()
  const rows = BREAST_FIELDS.map((field) => ({
    id: field,
    name: fieldName(field, words),
    estimate: alphaOf(agreement, field),
    more: [observed(agreement.alpha[field]?.observed, formats.percent)],
  }))
  return (
    <Card title={said.alpha.title}>
      <p className={css.about}>{said.alpha.about}</p>
      <Estimates
        caption={said.alpha.title}
        rows={rows}
        axis={axisOver(edgesOf(rows.map(({ estimate }) => estimate)), STEPS.share, 0, 1)}
        format={formats.decimal}
        formatTick={formats.short}
        heads={{ name: said.alpha.question, value: said.alpha.value, n: said.breasts, more: [said.same] }}
      />
    </Card>
  )
}

function DiscordanceCard({ agreement }: { agreement: Agreement }) {
  const { discordance: words } = useWords().dashboard.agreement
  const formats = useFormats()
  const rows = agreement.discordance.map(({ field, n, rate, low, high }) => ({
    id: field,
    name: field in words.fields ? words.fields[field as keyof typeof words.fields] : field,
    estimate: { n, value: rate, low, high, note: '' },
  }))
  return (
    <Card title={words.title}>
      <p className={css.about}>{words.about(formats.number(agreement.n_studies))}</p>
      <Estimates
        caption={words.title}
        rows={rows}
        axis={axisOver(edgesOf(rows.map(({ estimate }) => estimate)), STEPS.share, 0, undefined, PERCENT_TICKS)}
        format={formats.percent}
        heads={{ name: words.field, value: words.rate }}
      />
    </Card>
  )
}

function FindingsCard({ findings }: { findings: NonNullable<Agreement['findings']> }) {
  const { findings: words } = useWords().dashboard.agreement
  const formats = useFormats()
  const all = { category: words.all, ...findings }
  const rows = [all, ...findings.per_category].map((one) => ({
    id: one.category,
    name: one.category,
    estimate: findingEstimate(one),
    more: [observed(one.mean_iou, formats.percent), formats.number(one.n_matched)],
  }))
  return (
    <Card title={words.title}>
      <p className={css.about}>{words.about(formats.number(findings.n_matched), formats.number(findings.n))}</p>
      <Estimates
        caption={words.title}
        rows={rows}
        axis={axisOver(edgesOf(rows.map(({ estimate }) => estimate)), STEPS.share, 0, 1)}
        format={formats.decimal}
        formatTick={formats.short}
        heads={{ name: words.category, value: words.f1, n: words.n, more: [words.iou, words.matched] }}
      />
    </Card>
  )
}

function observed(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? '–' : format(value)
}

function Computing() {
  const { agreement: words } = useWords().dashboard
  return (
    <>
      {[0, 1].map((half) => (
        <div key={half} className={css.half} aria-busy="true">
          <Card>
            {half === 0 && (
              <p className={css.about} role="status">
                {words.computing}
              </p>
            )}
            <Skeleton height={18} width="40%" mb={20} />
            <Skeleton height={110} />
          </Card>
        </div>
      ))}
    </>
  )
}
