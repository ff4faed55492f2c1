import type { ReadVersions } from '../../pipeline/versions/observed-versions.ts'
import type { VersionsView, VersionView } from './model.ts'

const SHOWN_VERSIONS = 50
const SHOWN_SAMPLES = 3

/** Undefined where no version is known. */
export function versionsView(read: ReadVersions): VersionsView | undefined {
  const views: VersionView[] = []
  for (const { gateway, product, versions } of read.list()) {
    for (const { isCurrent, newTemplates, ...version } of versions) {
      const samples = newTemplates.slice(0, SHOWN_SAMPLES)
      const view = { gateway, product, ...version, newTemplates: newTemplates.length, samples }
      if (isCurrent || isChanged(view)) views.push(view)
    }
  }
  if (views.length === 0) return undefined
  const sorted = views.sort((a, b) => Number(isChanged(b)) - Number(isChanged(a)))
  return { count: sorted.length, shown: sorted.slice(0, SHOWN_VERSIONS) }
}

const isChanged = ({ newTemplates, hasMoreUndecoded }: VersionView): boolean => newTemplates > 0 || hasMoreUndecoded
