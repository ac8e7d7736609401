// The worker: TypeScript off the path of the keys. It knows texts and nothing of
// the studio.
import { Language } from './language'
import { libs } from './libs'
import type { Answered, Asked } from './protocol'

const language = new Language(libs) as unknown as Record<string, (...args: unknown[]) => unknown>

self.onmessage = ({ data }: MessageEvent<Asked>) => {
  const answer: Answered = { id: data.id }
  try {
    answer.result = language[data.method]?.(...data.args)
  } catch (error) {
    answer.error = error instanceof Error ? error.message : String(error)
  }
  self.postMessage(answer)
}
