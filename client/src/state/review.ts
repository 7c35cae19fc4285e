import { keepPreviousData, useInfiniteQuery, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo } from 'react'
import { getElements, getImage, getImages, getRegions, getSummary, getValues } from '#api/review.ts'
import type { Element, ImageList, ReviewImage, Summary, Value } from '#schema/review.ts'

const POLL_MS = 20_000
const PAGE = 48
/** Lists keep their order under the reviewer's hands: they are asked for again when a page is opened, or on demand. */
const AS_OPENED = { staleTime: Infinity, gcTime: 0, refetchOnWindowFocus: false, refetchOnReconnect: false } as const

export function useReviewSummary() {
  return useQuery({
    queryKey: ['review', 'summary'],
    queryFn: ({ signal }) => getSummary(signal),
    refetchInterval: POLL_MS,
    placeholderData: keepPreviousData,
  })
}

/** Tell the summary how many values are left before the server is asked again: the pages must not contradict each other. */
export function useValuesLeft(pending: number): void {
  const store = useQueryClient()
  useEffect(() => {
    store.setQueryData<Summary>(['review', 'summary'], (known) => known && { ...known, values: { ...known.values, pending } })
  }, [store, pending])
}

export function useElements() {
  return useQuery({ queryKey: ['review', 'elements'], queryFn: ({ signal }) => getElements(signal), ...AS_OPENED })
}

/**
 * The values of an element. Its mark is part of the question: it was given before the values were asked for, so an
 * approval under it can never hold for a value that came later and was not shown.
 */
function valuesQuery(element: Pick<Element, 'element' | 'mark'>, isWhole: boolean) {
  return {
    queryKey: ['review', 'values', element.element, element.mark, isWhole],
    queryFn: ({ signal }: { signal: AbortSignal }) => getValues(element.element, isWhole, signal),
    ...AS_OPENED,
    gcTime: 600_000,
  }
}

export function useValues(element: Element, isWhole: boolean) {
  return useQuery(valuesQuery(element, isWhole))
}

/** The rows of an element that were given already. */
export function useKnownValues(): (element: Element) => Value[] | undefined {
  const store = useQueryClient()
  return (element) => store.getQueryData<Value[]>(valuesQuery(element, false).queryKey)
}

/** Have the values of elements ready before somebody looks at them. */
export function useValuesAhead(elements: readonly Element[]): void {
  useQueries({ queries: elements.map((one) => valuesQuery(one, false)) })
}

export function useReviewImage(imageId: string | null) {
  return useQuery({
    queryKey: ['review', 'image', imageId],
    queryFn: ({ signal }) => getImage(imageId ?? '', signal),
    enabled: imageId !== null,
  })
}

/** A list of images, suspicious ones first; `more` asks for those behind the ones that are known. */
export function useImages(list: ImageList) {
  const query = useInfiniteQuery({
    queryKey: ['review', 'images', list],
    queryFn: ({ pageParam, signal }) => getImages(list, pageParam, PAGE, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    select: ({ pages }): ReviewImage[] => pages.flatMap((page) => page.items),
    ...AS_OPENED,
  })
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  return { ...query, more }
}

export function useRegions() {
  return useQuery({ queryKey: ['review', 'regions'], queryFn: ({ signal }) => getRegions(signal), ...AS_OPENED })
}

/** Ask for something of the review anew: what is shown stays until the answer is there, or begins from nothing. */
export function useAnew() {
  const store = useQueryClient()
  return useMemo(
    () => ({
      refresh: (key: string) => store.invalidateQueries({ queryKey: ['review', key] }),
      restart: (key: string) => store.resetQueries({ queryKey: ['review', key] }),
      drop: (key: string) => store.removeQueries({ queryKey: ['review', key], type: 'inactive' }),
    }),
    [store],
  )
}
