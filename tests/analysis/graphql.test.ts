/** What a document of GraphQL asks for, and whether sending it changes anything. */
import { describe, expect, it } from 'vitest'
import { operationOf } from '../../src/analysis/values/graphql.ts'
import { cases, handler, type Case } from './harness.ts'

describe('the operations of a document', () => {
  it.each([
    ['query Shop { shop { name } }', 'query'],
    ['{ shop { name } }', 'query'],
    ['# a mutation is another thing\n query { shop }', 'query'],
    ['fragment F on Query { mutation } query A { ...F }', 'query'],
    ['query A($mutation: String = "mutation") { find(mutation: $mutation) { mutation } }', 'query'],
    ['mutation M { remove(id: 1) }', 'mutation'],
    ['query A { shop } mutation M { remove(id: 1) }', 'mutation'],
    ['{ shop } mutation { remove }', 'mutation'],
    ['subscription { changes }', 'mutation'],
    ['fragment F on Query { shop }', undefined],
    ['queryable things', undefined],
    ['hello', undefined],
  ])('%s', (text, operation) => {
    expect(operationOf(text)).toBe(operation)
  })
})

const post = (query: string, more = ''): string =>
  `return (await fetch('https://x.example/graphql.json', { method: 'POST', headers: { 'X-Token': process.env.TOKEN! }, body: JSON.stringify({ query: ${query}, variables: { id: data.id }${more} }) })).json()`
const with_ = (imports: string, body: string): Case => `${imports}\n${handler(body)}`

describe('what is sent by POST', () => {
  cases(
    { verdict: 'unguarded', exposure: 'read' },
    {
      'a query': post("'query P($id: ID!) { product(id: $id) { id } }'"),
      'a query with a fragment that stands elsewhere': with_(
        'const part = `fragment P on Product { id }`\nconst document = `${part}\n query A { products { ...P } }`',
        post('document'),
      ),
      'a query that a helper is told': with_(
        `async function shop(input: { query: string; variables?: unknown }) { return (await fetch('https://x.example', { method: 'POST', headers: { 'X-Token': process.env.TOKEN! }, body: JSON.stringify(input) })).json() }`,
        `return shop({ query: 'query { products { id } }' })`,
      ),
      'by axios': with_(
        `import axios from 'axios'`,
        `return axios.post('https://x.example', { query: '{ products { id } }' }, { headers: { 'X-Token': process.env.TOKEN } })`,
      ),
      'by Octokit': with_(
        `import { graphql } from '@octokit/graphql'\nconst ask = graphql.defaults({ headers: { authorization: process.env.TOKEN } })`,
        `return ask('query($id: ID!) { node(id: $id) { id } }', { id: data.id })`,
      ),
    },
  )
  cases(
    { verdict: 'unguarded', exposure: 'write' },
    {
      'a mutation': post("'mutation M($id: ID!) { remove(id: $id) }'"),
      'what the caller asks for': post('data.query'),
      'a query that the caller goes on with': post('`query { ${data.rest}`'),
      'one or the other': post("data.all ? 'query { all }' : 'mutation { remove }'"),
      'something else': post("'how are you'"),
      'a mutation that a helper is told, which is told a query before': with_(
        `async function shop(input: { query: string }) { return (await fetch('https://x.example', { method: 'POST', headers: { 'X-Token': process.env.TOKEN! }, body: JSON.stringify(input) })).json() }`,
        `await shop({ query: 'query { products { id } }' }); return shop({ query: 'mutation { remove }' })`,
      ),
    },
  )
})
