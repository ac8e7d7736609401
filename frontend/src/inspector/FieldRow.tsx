// One config field: its title, the widget of its kind, its help, its problems.
import { useId, useState, type ReactNode } from 'react'
import type { Field } from '../engine'
import { useBlockPlace } from './context'
import { FieldProblems } from './FieldProblems'
import { BooleanInput, ChoiceInput, ChoicesInput, NumberInput } from './widgets/basic'
import { DraftText } from './widgets/DraftText'
import { DurationInput } from './widgets/DurationInput'
import { ExpressionInput } from './widgets/ExpressionInput'
import { JsonInput } from './widgets/JsonInput'
import { ListInput } from './widgets/ListInput'
import { MapInput } from './widgets/MapInput'
import { SettingsInput } from './widgets/SettingsInput'
import { FileInput, FlowSelect } from './widgets/references'
import { StringsInput } from './widgets/StringsInput'
import { ID_PATTERN } from '../document'

export interface WidgetProps {
  id: string
  field: Field
  /** Where the value stands in the config: `rows.0.when`. */
  path: string
  value: unknown
  onChange: (value: unknown) => void
  invalid: boolean
}

interface FieldRowProps {
  field: Field
  path: string
  value: unknown
  onChange: (value: unknown) => void
  /** The value names an outcome: it is taken over when it is complete. */
  lazy?: boolean
  /** Stands at the end of the title. */
  aside?: ReactNode
}

export function FieldRow({ field, path, value, onChange, lazy, aside }: FieldRowProps) {
  const id = useId()
  const { problems, slug } = useBlockPlace()
  const [help, setHelp] = useState(false)
  const mine = problems.filter((p) => p.field === path)
  const props: WidgetProps = { id, field, path, value, onChange, invalid: mine.some((p) => p.severity === 'error') }
  if (field.kind === 'boolean') {
    return (
      <div className="field">
        <div className="switch-row">
          <label htmlFor={id}>
            {field.title}
            {field.help && <small className="faint">{field.help}</small>}
          </label>
          <span className="row">
            {aside}
            <BooleanInput {...props} />
          </span>
        </div>
        <FieldProblems problems={mine} slug={slug} />
      </div>
    )
  }
  const grouped = field.kind === 'list' || field.kind === 'strings' || field.kind === 'map' || field.kind === 'choices'
  return (
    <div className="field" role={grouped ? 'group' : undefined} aria-labelledby={grouped ? `${id}-title` : undefined}>
      <div className="field-title">
        {grouped ? <span id={`${id}-title`}>{field.title}</span> : <label htmlFor={id}>{field.title}</label>}
        {field.required && (
          <span className="required" title="Required">
            required
          </span>
        )}
        {field.help && (
          <button type="button" className="help-toggle" aria-expanded={help} aria-label={`Help on ${field.title}`} onClick={() => setHelp(!help)}>
            ?
          </button>
        )}
        {aside && <span className="field-aside">{aside}</span>}
      </div>
      <Widget {...props} lazy={lazy} />
      {help && <small className="field-help">{field.help}</small>}
      <FieldProblems problems={mine} slug={slug} />
    </div>
  )
}

function Widget({ lazy, ...props }: WidgetProps & { lazy?: boolean }) {
  const { id, field, value, onChange, invalid } = props
  const text = typeof value === 'string' ? value : ''
  const orNothing = (next: string) => onChange(next === '' ? undefined : next)
  const placeholder = field.placeholder ?? (typeof field.default === 'string' ? field.default : undefined)
  switch (field.kind) {
    case 'expression':
    case 'template':
      return <ExpressionInput {...props} />
    case 'number':
      return <NumberInput {...props} />
    case 'choice':
      return <ChoiceInput {...props} />
    case 'choices':
      return <ChoicesInput {...props} />
    case 'duration':
      return <DurationInput {...props} />
    case 'list':
      return <ListInput {...props} />
    case 'strings':
      return <StringsInput {...props} />
    case 'map':
      return field.items && field.items.length > 0 ? <SettingsInput {...props} /> : <MapInput {...props} />
    case 'page':
    case 'action':
      return <FileInput {...props} />
    case 'flow':
      return <FlowSelect {...props} />
    case 'json':
      return <JsonInput {...props} />
    case 'identifier':
      return <DraftText id={id} code value={text} lazy={lazy} placeholder={placeholder} invalid={invalid} accept={(t) => t === '' || ID_PATTERN.test(t)} onChange={orNothing} />
    default:
      return <DraftText id={id} value={text} placeholder={placeholder} invalid={invalid} onChange={orNothing} />
  }
}
