// The small parts everything is made of.
import { Tooltip as RadixTooltip, Switch as RadixSwitch } from 'radix-ui'
import { Check, ChevronDown, Copy, type LucideIcon } from 'lucide-react'
import { useEffect, useRef, useState, type ButtonHTMLAttributes, type ReactNode, type SelectHTMLAttributes } from 'react'
import { formatKeys } from './keys'
import { useShownKeys } from './shown-keys'
import { copyText } from './clipboard'
import { notify } from './notices'

type ButtonLook = 'plain' | 'primary' | 'ghost' | 'danger'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: ButtonLook
  size?: 'small' | 'large'
  icon?: LucideIcon
}

export function Button({ look = 'plain', size, icon: Icon, className = '', children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={`btn ${look} ${size ?? ''} ${className}`} {...rest}>
      {Icon && <Icon size={14} aria-hidden />}
      {children}
    </button>
  )
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon: LucideIcon
  /** The name for those who cannot see the icon, and the tip for those who can. */
  label: string
  /** The command it runs: its key stands in the tip. */
  command?: string
  look?: ButtonLook
  size?: 'small'
  side?: 'top' | 'bottom' | 'left' | 'right'
}

export function IconButton({ icon: Icon, label, command, look = 'ghost', size, side, className = '', ...rest }: IconButtonProps) {
  return (
    <Tip text={label} command={command} side={side}>
      <button type="button" aria-label={label} className={`btn icon ${look} ${size ?? ''} ${className}`} {...rest}>
        <Icon size={size === 'small' ? 14 : 16} aria-hidden />
      </button>
    </Tip>
  )
}

export function Tip({ text, command, side = 'bottom', children }: { text: ReactNode; command?: string; side?: 'top' | 'bottom' | 'left' | 'right'; children: ReactNode }) {
  return (
    <RadixTooltip.Root>
      <RadixTooltip.Trigger asChild>{children}</RadixTooltip.Trigger>
      <RadixTooltip.Portal>
        <RadixTooltip.Content className="tooltip" side={side} sideOffset={6} collisionPadding={8}>
          {text}
          {command && <CommandKey command={command} />}
        </RadixTooltip.Content>
      </RadixTooltip.Portal>
    </RadixTooltip.Root>
  )
}

export const TipProvider = RadixTooltip.Provider

export function Kbd({ keys }: { keys: string }) {
  return <kbd className="kbd">{formatKeys(keys)}</kbd>
}

/** The key of a command as it is bound now; nothing where it has none. */
export function CommandKey({ command }: { command: string }) {
  const keys = useShownKeys(command)
  return keys === undefined ? null : <Kbd keys={keys} />
}

export function Switch({ checked, onChange, label, id, disabled }: { checked: boolean; onChange: (on: boolean) => void; label: string; id?: string; disabled?: boolean }) {
  return (
    <RadixSwitch.Root id={id} className="switch" checked={checked} onCheckedChange={onChange} aria-label={label} disabled={disabled}>
      <RadixSwitch.Thumb />
    </RadixSwitch.Root>
  )
}

export function Select({ className = '', children, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <span className="select-wrap">
      <select className={`input ${className}`} {...rest}>
        {children}
      </select>
      <ChevronDown size={14} aria-hidden />
    </span>
  )
}

export function Empty({ icon: Icon, title, children, actions }: { icon?: LucideIcon; title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="empty">
      {Icon && <Icon size={20} aria-hidden />}
      <h3>{title}</h3>
      {children && <p>{children}</p>}
      {actions && <div className="row">{actions}</div>}
    </div>
  )
}

/** Copies a text and says so on the button itself. */
export function CopyButton({ text, label = 'Copy', visible = false, size = 'small' }: { text: string; label?: string; visible?: boolean; size?: 'small' }) {
  const [done, setDone] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const copy = () => {
    copyText(text).then(
      () => {
        setDone(true)
        timer.current = setTimeout(() => setDone(false), 1400)
      },
      (error: unknown) => notify.failure(error),
    )
  }
  if (visible) {
    return (
      <Button size={size} icon={done ? Check : Copy} onClick={copy}>
        {done ? 'Copied' : label}
      </Button>
    )
  }
  return <IconButton size={size} icon={done ? Check : Copy} label={done ? 'Copied' : label} onClick={copy} />
}
