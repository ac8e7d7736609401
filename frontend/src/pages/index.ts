export { PageEditor } from './PageEditor'
