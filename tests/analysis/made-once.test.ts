/** What a module makes when it is first needed is what it holds from then on. */
import { describe } from 'vitest'
import { guarded, handler, session, unguarded, work } from './harness.ts'

const holder = `class Holder { user: any = null }\nlet made: Holder | undefined\nconst holder = () => (made ??= new Holder())\n`

describe('an object that a module makes once', () => {
  guarded({
    'keeps what is written into it': `${holder}${handler(`${session} holder().user = session?.user ?? null; if (!holder().user) throw new Error(); ${work}`)}`,
    'was made on one of two ways before': `${holder}${handler(`${session} if (data.early) holder(); holder().user = session?.user ?? null; if (!holder().user) throw new Error(); ${work}`)}`,
    'is another one where it was replaced': `${holder}${handler(`${session} holder().user = { id: 'guest' }; made = new Holder(); holder().user = session?.user ?? null; if (!holder().user) throw new Error(); ${work}`)}`,
  })
  unguarded({
    'holds a guest': `${holder}${handler(`${session} holder().user = session?.user ?? null; holder().user = { id: 'guest' }; if (!holder().user) throw new Error(); ${work}`)}`,
    'that is held by a variable as well': `class Holder { user: any = null }\nlet made: Holder | undefined\nconst fill = () => { const own = new Holder(); made = own; return own }\n${handler(`fill().user = { id: 'guest' }; if (made?.user) { ${work} }`)}`,
    'is asked before anything was written': `${holder}${handler(`${session} if (holder().user) throw new Error(); holder().user = session?.user; ${work}`)}`,
  })
  unguarded({
    'is made of another one that was not there at first': `import { MongoClient, type Db } from 'mongodb'
      let client: MongoClient | null = null
      let store: Db | null = null
      async function getStore() {
        if (store) return store
        client = new MongoClient(process.env.MONGO_URL!)
        await client.connect()
        store = client.db('app')
        return store
      }
      ${handler(`await (await getStore()).collection('tasks').deleteOne({ id: data.id })`)}`,
  })
})
