// What the hints of the first minute say. `{command}` stands for the key of a
// command as it is bound now.

export type HintId = 'template' | 'run' | 'signIn' | 'breakpoint' | 'again' | 'paused'

export interface HintText {
  title: string
  text: string
}

export const hintTexts: Record<HintId, HintText> = {
  template: { title: 'Start with one that works', text: 'Each of these is a whole sign-in. Create one and it runs at once, with people to sign in as. Nothing leaves this machine.' },
  run: { title: 'Run the flow', text: 'A sign-in begins in the browser beside the drawing, as a person would see it. {run.start} does the same.' },
  signIn: { title: 'Sign in as somebody', text: 'One press fills in a person of the test world with the right password. Then send the page off, and watch the drawing.' },
  breakpoint: { title: 'You are signed in. Now look inside', text: 'The way you took is painted. Select this block and press {run.breakpoint}: the next run stops before it.' },
  again: { title: 'Run it once more', text: 'The red mark is a breakpoint. Sign in again, and the run stops there.' },
  paused: { title: 'It stands before your block', text: 'The values so far are below, and can be changed. {run.stepOver} goes one block on, {run.continue} goes on to the end.' },
}

export const hintWords = {
  region: 'Hint',
  gotIt: 'Got it',
  off: 'No more hints',
  back: 'They come back with Help, Show hints again.',
}
