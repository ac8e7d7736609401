import { domainOf, Level } from './lib/mail'

interface Seen { email: string }
abstract class Shape<T> { constructor(private readonly kind: T) {} name(): string { return `${this.kind}` } }
class Round extends Shape<string> { declare extra: number }

export default async function (event: { user?: Seen }, step: unknown, api: any): Promise<void> {
  const domain = domainOf(event.user!.email)
  api.state.set('all', [domain, Level[Level.High], new Round('round').name()])
  if (domain) {
    domainOf(undefined as unknown as string)
  }
}
