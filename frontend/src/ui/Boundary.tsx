// A part of the window that fails shows so and leaves the rest alone.
import { Component, type ReactNode } from 'react'
import { TriangleAlert } from 'lucide-react'
import { Button, Empty } from './controls'

interface BoundaryProps {
  name: string
  children: ReactNode
}

export class Boundary extends Component<BoundaryProps, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <Empty icon={TriangleAlert} title={`${this.props.name} cannot be shown`} actions={<Button onClick={() => this.setState({ error: null })}>Show it again</Button>}>
        {error.message}. Your work is not lost: everything else goes on.
      </Empty>
    )
  }
}
