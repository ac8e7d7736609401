// Which run one looks at.
import { ChevronDown, History } from 'lucide-react'
import { useRuns, useStudio, viewedRun, viewRun, type RunView } from '../engine'
import { Button, clockTime, Menu, type MenuEntry } from '../ui'
import { statusWords } from './status'

export function RunPicker() {
  const runs = useRuns((state) => state.runs)
  const run = useRuns(viewedRun)
  const flows = useStudio((state) => state.project?.flows)
  const name = (r: RunView) => flows?.find((flow) => flow.slug === r.flow)?.name ?? r.flow
  const entries: MenuEntry[] = [
    { kind: 'item', label: 'No run: the plain drawing', run: () => viewRun(null) },
    ...(runs.length > 0 ? [{ kind: 'line' } as const] : []),
    ...runs.slice(0, 30).map((r): MenuEntry => ({ kind: 'item', label: `${clockTime(r.started_at)}  ${name(r)}: ${statusWords[r.status].text.toLowerCase()}`, run: () => viewRun(r.id) })),
  ]
  return (
    <Menu
      entries={entries}
      trigger={
        <Button size="small" look="ghost" icon={History} aria-label="Choose a run">
          {run ? `${name(run)}, ${clockTime(run.started_at)}` : runs.length > 0 ? 'Choose a run' : 'No runs yet'}
          <ChevronDown size={12} aria-hidden />
        </Button>
      }
    />
  )
}
