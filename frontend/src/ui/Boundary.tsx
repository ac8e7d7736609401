// A part of the window that fails shows so and leaves the rest alone. Documents
// do not live in it: what is edited stays, and goes on being saved.
import { Component, type ReactNode } from 'react'
import { ClipboardList, RotateCw, TriangleAlert } from 'lucide-react'
import { Button, Empty } from './controls'
import { attempt, notify } from './notices'
import { copyReport, reloadWindow } from './rescue'

interface BoundaryProps {
  name: string
  children: ReactNode
}

export class Boundary extends Component<BoundaryProps, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    const report = async () => {
      await copyReport(`${this.props.name} cannot be shown`, error)
      notify.good('The report is on the clipboard', 'It says what failed and where in the program, and nothing of your project.')
    }
    return (
      <div role="alert" className="col grow">
        <Empty
          icon={TriangleAlert}
          title={`${this.props.name} cannot be shown`}
          actions={
            <>
              <Button look="primary" onClick={() => this.setState({ error: null })}>
                Show it again
              </Button>
              <Button icon={RotateCw} onClick={() => void reloadWindow()}>
                Reload the window
              </Button>
              <Button icon={ClipboardList} onClick={() => attempt(report)}>
                Copy a report
              </Button>
            </>
          }
        >
          {error.message}. Your work is not lost: everything else goes on, and what you edited is saved. If it fails again after a reload, send the report to whoever looks after this program.
        </Empty>
      </div>
    )
  }
}
