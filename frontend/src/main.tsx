// The entry of the studio.
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './ui/index.css'
import { App, start } from './shell'

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
  void start()
}
