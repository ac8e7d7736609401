// Zoom, fit, tidy, map: the row at the lower left of the canvas.
import { LayoutDashboard, Map as MapIcon, Maximize, Minus, Plus } from 'lucide-react'
import { runCommand } from '../commands'
import { IconButton, Tip } from '../ui'
import { tidy } from './tidy'
import { useView, viewHandle } from './view'

export function ViewControls({ slug }: { slug: string }) {
  const zoom = useView((state) => state.zoom)
  const minimap = useView((state) => state.minimap)
  return (
    <div className="view-controls" role="toolbar" aria-label="View">
      <IconButton size="small" icon={Minus} label="Zoom out" side="top" onClick={() => viewHandle()?.zoomBy(1 / 1.25)} />
      <Tip text="Zoom to 100 %" command="view.zoom100" side="top">
        <button type="button" className="btn ghost small num zoom-value" onClick={() => viewHandle()?.zoomTo(1)}>
          {zoom} %
        </button>
      </Tip>
      <IconButton size="small" icon={Plus} label="Zoom in" side="top" onClick={() => viewHandle()?.zoomBy(1.25)} />
      <span className="view-line" />
      <IconButton size="small" icon={Maximize} label="Fit everything" command="view.fit" side="top" onClick={() => runCommand('view.fit')} />
      <IconButton size="small" icon={LayoutDashboard} label="Tidy up" side="top" onClick={() => tidy(slug)} />
      <IconButton size="small" icon={MapIcon} label="Map" side="top" aria-pressed={minimap} onClick={() => useView.setState({ minimap: !minimap })} />
    </div>
  )
}
