export class HttpError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'HttpError'
    this.status = status
    // Whoever tries many doors is seen.
    if (status === 401 || status === 403) console.warn('refused', status, message)
  }
}
