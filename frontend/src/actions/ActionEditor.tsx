// An Action: the JavaScript that a flow runs.
import { javascript, javascriptLanguage } from '@codemirror/lang-javascript'
import { CircleHelp } from 'lucide-react'
import { useState } from 'react'
import { useFiles } from '../document'
import { Button, Empty } from '../ui'
import { describe } from '../engine'
import { apiHelp, completeApi } from './api'
import { CodeEditor, FileNotice } from '../editor'
import './actions.css'

const language = [javascript(), javascriptLanguage.data.of({ autocomplete: completeApi })]

export function ActionEditor({ path }: { path: string }) {
  const file = useFiles((state) => state.open[path])
  const failed = useFiles((state) => state.failed[path])
  const [help, setHelp] = useState(false)
  if (failed) return <Empty title={`${path} cannot be opened`}>{describe(failed).message}</Empty>
  if (!file) return <Empty title="Opening…" />
  return (
    <div className="col grow">
      <FileNotice file={file}>
        <Button size="small" look="ghost" icon={CircleHelp} aria-pressed={help} onClick={() => setHelp(!help)}>
          event, step, api
        </Button>
      </FileNotice>
      <div className="editor-columns">
        <CodeEditor file={file} language={language} />
        {help && (
          <aside className="scroll api-help" aria-label="What an Action can use">
            {apiHelp.map((group) => (
              <section key={group.title}>
                <h3 className="section-title">{group.title}</h3>
                <p className="dim">{group.text}</p>
                <dl>
                  {group.entries.map(([name, text]) => (
                    <div key={name}>
                      <dt className="mono">{name}</dt>
                      <dd className="dim">{text}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </aside>
        )}
      </div>
    </div>
  )
}
