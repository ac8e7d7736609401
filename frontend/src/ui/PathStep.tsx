// One step of a path that was found or taken: a block, and how it was left. It
// leads to the block.
export interface PathPlace {
  flow: string
  block: string
  port?: string
}

export function PathStep({ step, onShow }: { step: PathPlace; onShow: (step: PathPlace) => void }) {
  return (
    <button type="button" className="path-step mono" onClick={() => onShow(step)}>
      <span className="faint">{step.flow}.</span>
      {step.block}{' '}
      {step.port && <span className={`path-port ${step.port === 'error' ? 'bad' : ''}`}>{step.port}</span>}
    </button>
  )
}
