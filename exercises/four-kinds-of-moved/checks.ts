import { article, permanent, query, temporary } from './by-get.ts'
import { keepsPost, seeOther } from './by-post.ts'

export default { article, permanent, query, temporary, keepsPost, seeOther }
