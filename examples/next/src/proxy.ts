import { getSessionCookie } from 'better-auth/cookies'
import { NextResponse, type NextRequest } from 'next/server'

/** Spares people without a session the way to a page that would refuse them. It proves nothing: any cookie will do. */
export function proxy(request: NextRequest) {
  if (!getSessionCookie(request)) return NextResponse.redirect(new URL('/login', request.url))
  return NextResponse.next()
}

export const config = { matcher: ['/bookings/:path*', '/rooms/:path*', '/members'] }
