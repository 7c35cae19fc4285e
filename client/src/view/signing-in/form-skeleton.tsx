import { Skeleton } from '@mantine/core'

export function FormSkeleton() {
  return (
    <div aria-busy="true">
      <Skeleton height={36} circle mx="auto" mb={14} />
      <Skeleton height={22} width="60%" mx="auto" mb={34} />
      <Skeleton height={36} mb={26} />
      <Skeleton height={36} mb={26} />
      <Skeleton height={36} />
    </div>
  )
}
