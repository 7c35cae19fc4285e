import { Button } from '@mantine/core'
import { Link, useLocation } from 'react-router'
import { Nothing } from '../parts/nothing.tsx'
import { PageTitle } from '../parts/page-title.tsx'
import { useWords } from '../words.ts'

/** Where the viewer will be. */
export default function ViewingPage() {
  const { viewing: words } = useWords()
  const { pathname, state } = useLocation()
  const number = (state as { number?: number } | null)?.number ?? null
  return (
    <>
      <PageTitle title={words.title(number)} />
      <Nothing title={words.toCome} detail={words.detail}>
        <Button variant="default" component={Link} to={pathname.startsWith('/arbitrate') ? '/arbitration' : '/worklist'}>
          {words.back}
        </Button>
      </Nothing>
    </>
  )
}
