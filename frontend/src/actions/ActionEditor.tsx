// An Action: its text with types, beside it a place to try it.
import { CircleHelp, FlaskConical, TriangleAlert } from 'lucide-react'
import { useMemo, useState } from 'react'
import { actionName, inOneLine, keepSetting, setting, useRuns, useSettings, useStudio, viewedRun } from '../engine'
import { useFiles } from '../document'
import { Button, Empty, Splitter, Tip } from '../ui'
import { CodeEditor, FileNotice } from '../editor'
import { breakpointGutter } from './breakpoints'
import { ApiHelp } from './ApiHelp'
import { TryPanel } from './TryPanel'
import { languageOf } from './types/editing'
import { useTypes } from './types/use-types'
import './actions.css'

const WIDTH = 380

export function ActionEditor({ path }: { path: string }) {
  const file = useFiles((state) => state.open[path])
  const failed = useFiles((state) => state.failed[path])
  const runs = useStudio((state) => state.project?.actions.find((action) => action.path === path)?.runs ?? false)
  // A run that stands here needs the room for its lines.
  const stopped = useRuns((state) => viewedRun(state)?.status === 'paused' && viewedRun(state)?.stack.some((place) => place.file === actionName(path)) === true)
  const [help, setHelp] = useState(false)
  const [trying, setTrying] = useState(true)
  const [width, setWidth] = useState(() => setting(useSettings.getState().values, 'try_width', WIDTH))
  const language = useMemo(() => [breakpointGutter(path), languageOf(actionName(path))], [path])
  const types = useTypes(path, file?.text)
  if (failed) return <Empty title={`${path} cannot be opened`}>{inOneLine(failed)}</Empty>
  if (!file) return <Empty title="Opening…" />
  const resize = (next: number) => {
    setWidth(next)
    keepSetting('try_width', next)
  }
  return (
    <div className="col grow">
      <FileNotice file={file}>
        {types.state === 'failed' && (
          <Tip text="The language service could not be started. The check still finds mistakes.">
            <span className="badge warn" tabIndex={0}>
              <TriangleAlert size={11} aria-hidden /> no types
            </span>
          </Tip>
        )}
        {types.state === 'starting' && <span className="faint small-text">Types are loading…</span>}
        <Button size="small" look="ghost" icon={CircleHelp} aria-pressed={help} onClick={() => setHelp(!help)}>
          event, step, api
        </Button>
        {runs && (
          <Button size="small" look="ghost" icon={FlaskConical} disabled={stopped} title={stopped ? 'A run stands in this Action' : undefined} aria-pressed={trying && !stopped} onClick={() => setTrying(!trying)}>
            Try it
          </Button>
        )}
      </FileNotice>
      <div className="editor-columns">
        <CodeEditor file={file} language={language} findings={types.findings} />
        {help && <ApiHelp />}
        {runs && trying && !stopped && (
          <>
            <Splitter label="trial" direction="row" grows="after" size={width} min={300} max={Math.round(window.innerWidth * 0.5)} onSize={resize} onReset={() => resize(WIDTH)} />
            <div className="col try-column" style={{ width }}>
              <TryPanel path={path} />
            </div>
          </>
        )}
      </div>
    </div>
  )
}
