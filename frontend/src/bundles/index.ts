export { BundlesPage } from './BundlesPage'
