/** Documents: what came out of a read and writes what it was read from. */
import { describe, expect, it } from 'vitest'
import { act, cases, guarded, handler, session, unguarded, unverifiable, type Case } from '../analysis/harness.ts'

const mongoose = (body: string): string =>
  `import mongoose from 'mongoose'
   const Note = mongoose.model('Note', new mongoose.Schema({ name: String, ownerId: String }))
   ${handler(body)}`
const firestore = (body: string): Case => `import { getFirestore } from 'firebase-admin/firestore'\n${handler(body)}`

describe('a document of Mongoose', () => {
  cases(
    { verdict: 'unguarded', exposure: 'write' },
    {
      'is changed and saved': mongoose(`const d = await Note.findById(data.id); d.name = 'x'; await d.save()`),
      'is saved where it is there': mongoose(
        `const d = await Note.findById(data.id); if (!d) throw new Error(); d.name = data.name; await d.save(); return { ok: true }`,
      ),
      'deletes itself': mongoose(`const d = await Note.findOne({ name: data.name }); await d?.deleteOne()`),
      'is one of several': mongoose(`for (const d of await Note.find({ name: data.name })) await d.deleteOne()`),
      'each of several, at once': mongoose(
        `const all = await Note.find(); await Promise.all(all.map((d) => d.updateOne({ name: 'x' })))`,
      ),
      'comes of a helper': [
        `import { find } from '~/notes'\n${handler(`const d = await find(data.id); await d.save()`)}`,
        {
          'src/notes.ts': `import mongoose from 'mongoose'
      const Note = mongoose.model('Note', new mongoose.Schema({ name: String }))
      export const find = async (id: string) => { const d = await Note.findById(id); if (!d) throw new Error('no'); return d }`,
        },
      ],
    },
  )
  guarded({
    'is the caller’s own': mongoose(
      `${session} const d = await Note.findOne({ _id: data.id, ownerId: session?.user.id! }); if (!d || !session) throw new Error(); await d.deleteOne()`,
    ),
  })
  it('is bound to whom the read was bound to', () => {
    const objectOf = (body: string): unknown =>
      act(mongoose(`${session} if (!session) throw new Error(); ${body}`)).scope().object
    const own = `{ _id: data.id, ownerId: session.user.id }`
    expect(objectOf(`const d = await Note.findOne(${own}); await d.deleteOne()`)).toBe('bound')
    expect(objectOf(`const d = await Note.findOne({ _id: data.id }); await d.deleteOne()`)).not.toBe('bound')
  })
  cases(
    { verdict: 'unguarded', exposure: 'read' },
    {
      'is plain data after lean()': mongoose(`const d = await Note.findById(data.id).lean(); d.save(); return d`),
      'has texts and lists, which are data': mongoose(
        `const d = await Note.findById(data.id); d.tags.push('x'); return { name: d.name.trim(), plain: d.toObject() }`,
      ),
    },
  )
  unverifiable({
    'has methods of its schema': mongoose(
      `${session} const d = await Note.findById(data.id); if (!(await d.mayBeReadBy(session))) throw new Error(); await Note.deleteMany()`,
    ),
  })
})

describe('a snapshot of Firestore', () => {
  cases(
    { verdict: 'unguarded', exposure: 'write' },
    {
      'deletes by its reference': firestore(
        `const s = await getFirestore().collection('x').doc(data.id).get(); await s.ref.delete()`,
      ),
      'of a query': firestore(
        `const q = await getFirestore().collection('x').where('a', '==', data.a).get(); await Promise.all(q.docs.map((d) => d.ref.update({ a: 1 })))`,
      ),
      'the first of a query': firestore(
        `const q = await getFirestore().collection('x').get(); await q.docs[0].ref.set({ a: 1 })`,
      ),
      'each of a query': firestore(
        `const q = await getFirestore().collection('x').get(); q.forEach((d) => { d.ref.delete() })`,
      ),
      'in a transaction': firestore(
        `const db = getFirestore(); await db.runTransaction(async (t) => { const s = await t.get(db.doc('x/1')); await s.ref.delete() })`,
      ),
      'references that are listed': firestore(
        `for (const ref of await getFirestore().collection('x').listDocuments()) await ref.delete()`,
      ),
    },
  )
  cases(
    { verdict: 'unguarded', exposure: 'owned-read' },
    {
      'is data otherwise': firestore(
        `const s = await getFirestore().collection('x').doc(data.id).get(); return s.exists ? s.data() : null`,
      ),
      'of several': firestore(
        `const q = await getFirestore().collection('x').get(); return q.docs.map((d) => ({ id: d.id, ...d.data() }))`,
      ),
      'references that are listed': firestore(
        `const all = await getFirestore().collection('x').listDocuments(); return all.map((ref) => ref.id)`,
      ),
    },
  )
})

describe('a user of Stack Auth', () => {
  const stack = (body: string): Case =>
    `import { StackServerApp } from '@stackframe/stack'; const app = new StackServerApp({ tokenStore: 'nextjs-cookie' })\n${handler(body)}`
  unguarded({
    'is found by an id and deleted': stack(`const user = await app.getUser(data.id); await user?.delete()`),
    'is given a permission': stack(
      `const [user] = await app.listUsers({ query: data.q }); await user.grantPermission('admin')`,
    ),
    'is added to a team': stack(`const team = await app.getTeam(data.id); await team.addUser(data.user)`),
  })
  guarded({
    'is changed by who is signed in': stack(
      `if (!(await app.getUser())) throw new Error(); const user = await app.getUser(data.id); await user?.delete()`,
    ),
  })
})
