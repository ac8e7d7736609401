// A button that runs a command: the next step that an empty panel offers.
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../ui'
import { runCommand } from './run'

export function CommandButton({ command, icon, look, size, children }: { command: string; icon?: LucideIcon; look?: 'plain' | 'primary'; size?: 'small'; children: ReactNode }) {
  return (
    <Button icon={icon} look={look} size={size} onClick={() => runCommand(command)}>
      {children}
    </Button>
  )
}

/** What most panels wait for: a sign-in through the flow in front, else through the login flow. */
export function RunSignIn({ icon }: { icon: LucideIcon }) {
  return (
    <CommandButton command="run.signIn" icon={icon} look="primary">
      Run a sign-in
    </CommandButton>
  )
}
