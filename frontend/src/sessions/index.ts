export { SessionsPage } from './SessionsPage'
export { UsersPage } from './UsersPage'
