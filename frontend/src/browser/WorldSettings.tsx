// From where, with what, and when the person at the browser panel comes.
import { setWorld, useBrowsing, type WorldSettings as World } from '../engine'
import { attempt, Button, length, Select } from '../ui'
import { useState } from 'react'
import { RiskSignals } from './RiskSignals'

const agents: [string, string][] = [
  ['Chrome on Windows', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'],
  ['Safari on iPhone', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'],
  ['Firefox on Linux', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'],
  ['A script (curl)', 'curl/8.14.1'],
]

export function WorldSettings() {
  const world = useBrowsing((state) => state.world)
  if (!world) return null
  const change = (part: Partial<World>) => attempt(() => setWorld({ ...world, ...part }))
  const known = agents.find(([, text]) => text === world.user_agent)
  return (
    <div className="world" role="group" aria-label="World of this browser">
      <label htmlFor="world-ip">Address</label>
      <TextField id="world-ip" value={world.ip} accept={(text) => /^[0-9a-fA-F:.]+$/.test(text)} onChange={(ip) => change({ ip })} />

      <label htmlFor="world-agent">Browser</label>
      <Select id="world-agent" value={world.user_agent} onChange={(event) => change({ user_agent: event.target.value })}>
        {!known && <option value={world.user_agent}>{world.user_agent || 'Unnamed'}</option>}
        {agents.map(([title, text]) => (
          <option key={title} value={text}>
            {title}
          </option>
        ))}
      </Select>

      <span id="world-device">Device</span>
      <div className="segments" role="radiogroup" aria-labelledby="world-device">
        {(['known', 'new'] as const).map((device) => (
          <button key={device} type="button" role="radio" aria-checked={world.device === device} onClick={() => change({ device })}>
            {device === 'known' ? 'Keeps cookies' : 'New each run'}
          </button>
        ))}
      </div>

      <RiskSignals risk={world.risk} names={world.signals} onChange={(risk) => change({ risk })} />

      <span id="world-clock">Clock</span>
      <div className="row" role="group" aria-labelledby="world-clock" style={{ gap: 4 }}>
        <span className="grow num ellipsis">{Math.abs(world.clock_offset) < 1 ? 'Now' : `${length(world.clock_offset)} ahead`}</span>
        {([
          ['+10 min', 600],
          ['+1 h', 3600],
          ['+1 d', 86400],
        ] as const).map(([title, seconds]) => (
          <Button key={title} size="small" onClick={() => change({ clock_offset: world.clock_offset + seconds })}>
            {title}
          </Button>
        ))}
        <Button size="small" disabled={Math.abs(world.clock_offset) < 1} onClick={() => change({ clock_offset: 0 })}>
          Now
        </Button>
      </div>
    </div>
  )
}

function TextField({ id, value, accept, onChange }: { id: string; value: string; accept: (text: string) => boolean; onChange: (text: string) => void }) {
  const [draft, setDraft] = useState<string | null>(null)
  const take = () => {
    if (draft !== null && draft !== value && accept(draft)) onChange(draft)
    setDraft(null)
  }
  return (
    <input
      id={id}
      className="input code"
      spellCheck={false}
      value={draft ?? value}
      aria-invalid={draft !== null && !accept(draft)}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => event.key === 'Enter' && take()}
    />
  )
}
