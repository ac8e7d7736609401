import { describe, expect, it } from 'vitest'
import { findText } from '../src/document/find'
import { loginDoc, lookup } from './catalogue'

const keys = (text: string, doc = loginDoc()) => findText(doc, text, lookup).map((hit) => hit.key)

describe('finding text', () => {
  it('looks into names, settings however deep, outcomes, notes and frames', () => {
    const doc = loginDoc()
    doc.flow.blocks.password!.config = { max_attempts: 7 }
    doc.flow.blocks.note!.config = { rows: [{ when: "step.Risk.level == 'high'" }] }
    doc.layout.notes = { n: { stage: 'pre_login', x: 0, y: 0, width: 1, height: 1, text: 'Ask about the Risk' } }
    doc.layout.frames = { f: { title: 'At risk', blocks: ['no'] } }
    expect(keys('RISK', doc)).toEqual(['note', '@note:n', '@frame:f'])
    expect(findText(doc, 'risk', lookup)[0]!.where).toBe("rows: step.Risk.level == 'high'")
    expect(findText(doc, '7', lookup)).toEqual([{ key: 'password', where: 'Attempts: 7' }])
    expect(findText(doc, 'submitted', lookup)).toEqual([{ key: 'sign_in', where: 'Outcome submitted, which leads to password' }])
  })

  it('finds in the order of a run, and nothing for nothing', () => {
    expect(keys('i')).toEqual(['sign_in', 'password', 'done'])
    expect(keys('  ')).toEqual([])
    expect(keys('ghost')).toEqual([])
  })
})
