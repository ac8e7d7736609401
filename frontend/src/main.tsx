// The entry of the studio. The dictionary comes before the screens.
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './ui/index.css'
import { loadTexts } from './ui/texts'

await loadTexts()
const { App, start } = await import('./shell')

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
  void start()
}
