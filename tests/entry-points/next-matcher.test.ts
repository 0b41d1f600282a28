import { describe, expect, it } from 'vitest'
import { coveredBy } from '../../src/entry-points/next/matcher.ts'

describe('the matcher of a proxy', () => {
  it.each([
    ['/about', '/about', true],
    ['/about', '/about/team', false],
    ['/about/:path*', '/about', true],
    ['/about/:path*', '/about/team/us', true],
    ['/about/:path+', '/about', false],
    ['/about/:path?', '/about/team', true],
    ['/about/:path?', '/about/team/us', false],
    ['/post/:id(\\d+)', '/post/12', true],
    ['/post/:id(\\d+)', '/post/new', false],
    ['/((?!api|_next/static|.*\\.png$).*)', '/members', true],
    ['/((?!api|_next/static|.*\\.png$).*)', '/api/members', false],
    ['/dashboard', '/dashboard/settings', false],
    ['/members/:id', '/members/[id]', true],
    ['/files/:path*', '/files/[...path]', true],
    ['/(', '/', false],
  ])('%s covers %s: %s', (source, address, covered) => {
    expect(coveredBy(source, address)).toBe(covered)
  })
})
