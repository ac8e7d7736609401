// How far the work on tests is, and the way to end it.
import { Square } from 'lucide-react'
import { cancelTests, useTests, type TestProgress } from '../engine'
import { attempt, Button } from '../ui'

export function Working() {
  const progress = useTests((state) => state.progress)
  return (
    <div className="row tests-working">
      {progress && <progress value={progress.done} max={progress.of} aria-label="Progress" />}
      <span className="faint num">{progress ? words(progress) : 'Working…'}</span>
      <Button icon={Square} onClick={() => attempt(cancelTests)}>
        Cancel
      </Button>
    </div>
  )
}

function words({ work, done, of, found }: TestProgress): string {
  if (work === 'generate') return `${done} of at most ${of} sign-ins tried, ${found} found`
  if (work === 'mutate') return `${done} of ${of} changes tried, ${found} unnoticed`
  return `${done} of ${of} run`
}
