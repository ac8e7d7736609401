// What this is, and whose work it stands on.
import { useStudio } from '../engine'
import { Dialog } from '../ui'

export function AboutDialog({ onClose }: { onClose: () => void }) {
  const info = useStudio((state) => state.info)
  return (
    <Dialog title="Authflow Studio" description={`Version ${info?.version ?? ''}, ${info?.platform ?? ''}, ${info?.mode === 'window' ? 'in its own window' : 'in the browser'}`} onClose={onClose}>
      <p className="dim">The canvas is drawn with React Flow (xyflow), code is edited with CodeMirror, icons are Lucide. Everything runs on this machine; nothing is sent anywhere.</p>
    </Dialog>
  )
}
