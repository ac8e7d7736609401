// What the engine names of a path, as places: "login.password:ok" is the block
// password of the flow login, left by ok.
import type { PathPlace } from '../ui'

export function placeOf(name: string): PathPlace {
  const dot = name.indexOf('.')
  const rest = name.slice(dot + 1)
  const colon = rest.indexOf(':')
  return colon < 0 ? { flow: name.slice(0, dot), block: rest } : { flow: name.slice(0, dot), block: rest.slice(0, colon), port: rest.slice(colon + 1) }
}

/** A block that was stopped in and then left is one place. */
export function placesOf(path: string[]): PathPlace[] {
  return path.filter((name, i) => !path[i + 1]?.startsWith(`${name}:`)).map(placeOf)
}
