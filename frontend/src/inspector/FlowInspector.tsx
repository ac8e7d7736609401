// The flow itself, when nothing in it is selected.
import { Workflow } from 'lucide-react'
import { useStudio } from '../engine'
import { edit, setFlow, type Doc } from '../document'
import { CommandKey, Select, Switch } from '../ui'
import { Section } from './Section'
import { DraftText } from './widgets/DraftText'

export function FlowInspector({ slug, doc }: { slug: string; doc: Doc }) {
  const { flow } = doc
  const trigger = useStudio((state) => state.catalogue?.triggers.find((t) => t.id === flow.trigger))
  return (
    <>
      <div className="inspector-head">
        <span className="card-icon fam-5">
          <Workflow size={18} aria-hidden />
        </span>
        <div className="grow">
          <h2 className="ellipsis">{flow.name}</h2>
          <p className="faint ellipsis">
            {trigger?.title ?? flow.trigger} flow, {Object.keys(flow.blocks).length} blocks
          </p>
        </div>
      </div>
      <Section title="Flow">
        <div className="field">
          <label htmlFor="flow-name">Name</label>
          <DraftText id="flow-name" value={flow.name} required onChange={(name) => edit(slug, setFlow({ name }, 'Rename flow'))} />
        </div>
        <div className="field">
          <label htmlFor="flow-description">Description</label>
          <DraftText
            id="flow-description"
            multiline
            value={flow.description ?? ''}
            placeholder="What this flow is for"
            onChange={(text) => edit(slug, setFlow({ description: text || undefined }, 'Change description'))}
          />
        </div>
        <div className="field">
          <label htmlFor="flow-start">First block</label>
          <Select id="flow-start" value={flow.blocks[flow.start] ? flow.start : ''} onChange={(event) => edit(slug, setFlow({ start: event.target.value }, 'Set the first block'))}>
            {!flow.blocks[flow.start] && <option value="">None</option>}
            {Object.keys(flow.blocks).map((id) => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
          </Select>
        </div>
        <div className="field">
          <label htmlFor="flow-timeout">Time a person may take</label>
          <DraftText
            id="flow-timeout"
            value={flow.timeout ? String(flow.timeout) : ''}
            placeholder="The server’s limit"
            unit="s"
            inputMode="numeric"
            accept={(text) => text === '' || /^[1-9]\d{0,6}$/.test(text)}
            onChange={(text) => edit(slug, setFlow({ timeout: text ? Number(text) : undefined }, 'Change timeout'))}
          />
        </div>
        <div className="field switch-row">
          <span>
            Enabled
            <small className="faint">Off: no run of it can begin</small>
          </span>
          <Switch label="Enabled" checked={flow.enabled} onChange={(enabled) => edit(slug, setFlow({ enabled }, enabled ? 'Enable flow' : 'Disable flow'))} />
        </div>
        <div className="field switch-row">
          <span>
            Subflow only
            <small className="faint">Runs within other flows, never directly</small>
          </span>
          <Switch label="Subflow only" checked={flow.subflow_only ?? false} onChange={(on) => edit(slug, setFlow({ subflow_only: on || undefined }, 'Change subflow only'))} />
        </div>
      </Section>
      <Section title="On the canvas">
        <ul className="key-hints">
          <li>
            <CommandKey command="edit.add" /> add a block
          </li>
          <li>
            <CommandKey command="canvas.settings" /> settings of the selected block
          </li>
          <li>
            <CommandKey command="run.breakpoint" /> breakpoint
          </li>
          <li>
            <CommandKey command="run.start" /> run or continue
          </li>
          <li>
            <CommandKey command="view.commands" /> every command
          </li>
        </ul>
      </Section>
    </>
  )
}
