// Names of other things of the project: pages, Actions, flows.
import { ExternalLink } from 'lucide-react'
import { actionName, useStudio, type ActionSummary } from '../../engine'
import { fileTab, flowTab, openTab } from '../../document'
import { IconButton, Select } from '../../ui'
import type { WidgetProps } from '../FieldRow'
import { useBlockPlace } from '../context'

export function FileInput({ id, field, value, onChange, invalid }: WidgetProps) {
  const project = useStudio((state) => state.project)
  const folder = field.kind === 'page' ? 'pages/' : 'actions/'
  const actions = useStudio((state) => state.project?.actions)?.filter((action) => action.runs) ?? []
  const pages = project?.pages.map((file) => (file.path.startsWith(folder) ? file.path.slice(folder.length) : file.path)) ?? []
  const names = field.kind === 'page' ? pages : actions.map((action) => actionName(action.path))
  const chosen = field.kind === 'action' ? actions.find((action) => actionName(action.path) === value) : undefined
  const shown = typeof value === 'string' ? value : ''
  const fallback = typeof field.default === 'string' ? field.default : ''
  const missing = shown !== '' && !names.includes(shown)
  const target = shown || fallback
  return (
    <>
      <span className="row" style={{ gap: 4 }}>
        <span className="grow">
          <Select id={id} value={shown} aria-invalid={invalid || undefined} onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}>
            <option value="">{fallback ? `${fallback} (default)` : 'Choose…'}</option>
            {missing && <option value={shown}>{shown} (missing)</option>}
            {names.map((name) => (
              <option key={name} value={name}>
                {field.kind === 'action' ? titled(actions, name) : name}
              </option>
            ))}
          </Select>
        </span>
        <IconButton icon={ExternalLink} label={`Open ${target || 'the file'}`} disabled={!names.includes(target)} onClick={() => openTab(fileTab(folder + target))} />
      </span>
      {chosen?.summary && <small className="field-help">{chosen.summary}</small>}
    </>
  )
}

function titled(actions: ActionSummary[], name: string): string {
  const title = actions.find((action) => actionName(action.path) === name)?.title
  return title ? `${title} (${name})` : name
}

export function FlowSelect({ id, value, onChange, invalid }: WidgetProps) {
  const flows = useStudio((state) => state.project?.flows) ?? []
  const { slug } = useBlockPlace()
  const shown = typeof value === 'string' ? value : ''
  const others = flows.filter((flow) => flow.slug !== slug)
  const missing = shown !== '' && !others.some((flow) => flow.slug === shown)
  return (
    <span className="row" style={{ gap: 4 }}>
      <span className="grow">
        <Select id={id} value={shown} aria-invalid={invalid || undefined} onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}>
          <option value="">Choose…</option>
          {missing && <option value={shown}>{shown}</option>}
          {others.map((flow) => (
            <option key={flow.slug} value={flow.slug}>
              {flow.name}
            </option>
          ))}
        </Select>
      </span>
      <IconButton icon={ExternalLink} label={`Open ${shown || 'the flow'}`} disabled={missing || shown === ''} onClick={() => openTab(flowTab(shown))} />
    </span>
  )
}
